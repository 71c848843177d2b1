//! Pages framed by a shop: `frame_mode` says so, and stays in the address from page to page.
//!
//! The same payment may be opened framed at first and in the tab later, so the latest opening counts.

use leptos::prelude::*;
use url::{Url, form_urlencoded};

/// The embedding script adds it; it is never signed.
const FRAME_MODE: &str = "frame_mode";

type Parameters = [(String, String)];

/// How a page is framed, if it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameMode {
    /// Inside the shop's page.
    Iframe,
    /// Over the shop's page.
    Popup,
}

/// What the script of a page tells the shop by itself.
#[derive(Debug, Default)]
pub struct Told {
    /// The result's event, and its data in JSON.
    pub event: Option<(&'static str, String)>,
    /// Where the shop's page is led after a moment.
    pub redirect: Option<Url>,
}

impl FrameMode {
    /// As the parameters of the Payment Page have it.
    pub fn of(fields: &Parameters) -> Option<Self> {
        fields.iter().find(|(name, _)| name == FRAME_MODE).and_then(|(_, mode)| Self::from_code(mode))
    }

    /// As the query of an address has it.
    pub fn of_query(query: Option<&str>) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        pairs.find(|(name, _)| name == FRAME_MODE).and_then(|(_, mode)| Self::from_code(&mode))
    }

    fn from_code(code: &str) -> Option<Self> {
        [FrameMode::Iframe, FrameMode::Popup].into_iter().find(|mode| mode.code() == code)
    }

    const fn code(self) -> &'static str {
        match self {
            FrameMode::Iframe => "iframe",
            FrameMode::Popup => "popup",
        }
    }
}

/// The parameters of a payment that is now shown in this mode.
pub fn shown_in(mut fields: Vec<(String, String)>, mode: Option<FrameMode>) -> Vec<(String, String)> {
    fields.retain(|(name, _)| name != FRAME_MODE);
    fields.extend(mode.map(|mode| (FRAME_MODE.to_owned(), mode.code().to_owned())));
    fields
}

/// The address of a page in the mode of these parameters.
pub fn address(path: &str, fields: &Parameters) -> String {
    match FrameMode::of(fields) {
        Some(mode) => format!("{path}?{FRAME_MODE}={}", mode.code()),
        None => path.to_owned(),
    }
}

/// The script of a framed page; other pages have none.
pub fn script(fields: &Parameters, told: Told) -> Option<AnyView> {
    let mode = FrameMode::of(fields)?.code();
    let (event, details) = told.event.unzip();
    let redirect = told.redirect.map(|url| url.to_string());
    let tag = view! {
        <script
            src="/assets/frame.js"
            defer
            data-mode=mode
            data-event=event
            data-details=details
            data-redirect=redirect
        ></script>
    };
    Some(tag.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_opening_says_whether_a_page_is_framed() {
        let framed = shown_in(Vec::new(), Some(FrameMode::Popup));
        assert_eq!(address("/payment/1", &framed), "/payment/1?frame_mode=popup");
        assert_eq!(FrameMode::of_query(Some("frame_mode=popup")), Some(FrameMode::Popup));
        assert_eq!(address("/payment/1", &shown_in(framed, None)), "/payment/1");
    }

    #[test]
    fn a_tab_is_no_frame() {
        assert_eq!(FrameMode::of_query(Some("frame_mode=tab")), None);
        assert_eq!(FrameMode::of_query(None), None);
    }
}

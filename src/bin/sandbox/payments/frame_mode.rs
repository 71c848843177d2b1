//! Pages framed by a shop: `frame_mode` says so, and stays in the address from page to page.
//!
//! The same payment may be opened framed at first and in the tab later, so the latest opening counts.

use crate::payments::fields::Fields;

/// The embedding script adds it; it is never signed.
const FRAME_MODE: &str = "frame_mode";

named! {
    /// How a page is framed, if it is.
    pub enum FrameMode {
        /// Inside the shop's page.
        Iframe = "iframe",
        /// Over the shop's page.
        Popup = "popup",
    }
}

impl FrameMode {
    /// As the parameters of the Payment Page have it.
    pub fn of(fields: &Fields) -> Option<Self> {
        fields.get(FRAME_MODE).and_then(Self::from_name)
    }

    /// As the query of an address has it.
    pub fn of_query(query: Option<&str>) -> Option<Self> {
        Self::of(&Fields::parse(query.unwrap_or_default().as_bytes()).ok()?)
    }
}

/// The parameters of a payment that is now shown in this mode.
pub fn shown_in(mut fields: Fields, mode: Option<FrameMode>) -> Fields {
    fields.0.retain(|(name, _)| name != FRAME_MODE);
    fields.0.extend(mode.map(|mode| (FRAME_MODE.to_owned(), mode.name().to_owned())));
    fields
}

/// The address of a page in the mode of these parameters.
pub fn address(path: &str, fields: &Fields) -> String {
    match FrameMode::of(fields) {
        Some(mode) => format!("{path}?{FRAME_MODE}={}", mode.name()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_opening_says_whether_a_page_is_framed() {
        let framed = shown_in(Fields::default(), Some(FrameMode::Popup));
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

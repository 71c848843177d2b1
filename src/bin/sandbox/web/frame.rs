//! The script of a framed page, which tells the shop's page around it what happens.

use leptos::prelude::*;
use url::Url;

use crate::payments::{fields::Fields, frame_mode::FrameMode};

/// What the script tells besides the frame mode.
#[derive(Debug, Default)]
pub struct FrameMessage {
    /// The result's event, and its data in JSON.
    pub event: Option<(&'static str, String)>,
    /// Where the shop's page is led after a moment.
    pub redirect: Option<Url>,
}

/// A page that is not framed has none.
pub fn script(fields: &Fields, told: FrameMessage) -> Vec<AnyView> {
    let Some(mode) = FrameMode::of(fields).map(FrameMode::name) else { return Vec::new() };
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
    vec![tag.into_any()]
}

//! Styles and scripts, compiled into the program.

/// An answer: the type and the text.
pub type Asset = ([(&'static str, &'static str); 1], &'static str);

pub const SANDBOX_CSS: Asset = css(include_str!("sandbox.css"));
pub const FRAME_JS: Asset = javascript(include_str!("shared/frame.js"));
pub const COUNTDOWN_JS: Asset = javascript(include_str!("shared/countdown.js"));
pub const EXAMPLE_JS: Asset = javascript(include_str!("shared/example.js"));
pub const MERCHANT_JS: Asset = javascript(include_str!("shared/merchant.js"));
pub const MERCHANT_CSS: Asset = css(include_str!("shared/merchant.css"));

const fn css(text: &'static str) -> Asset {
    ([("content-type", "text/css; charset=utf-8")], text)
}

const fn javascript(text: &'static str) -> Asset {
    ([("content-type", "text/javascript; charset=utf-8")], text)
}

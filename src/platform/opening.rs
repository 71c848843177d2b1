//! The three ways to open the Payment Page.

/// How the Payment Page opens. If the chosen way cannot work, the same payment continues by redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// In the same tab, instead of the shop.
    Redirect,
    /// In a frame inside the checkout.
    Iframe,
    /// In a frame over the checkout: the platform's "popup" is not a window.
    Popup,
}

impl Opening {
    pub const ALL: [Opening; 3] = [Opening::Redirect, Opening::Iframe, Opening::Popup];

    /// The name in settings, addresses and pages.
    pub const fn code(self) -> &'static str {
        match self {
            Opening::Redirect => "redirect",
            Opening::Iframe => "iframe",
            Opening::Popup => "popup",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opening| opening.code() == code)
    }

    /// Whether the shop's page stays, with a frame in or over it.
    pub fn is_framed(self) -> bool {
        self != Opening::Redirect
    }
}

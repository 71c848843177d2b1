//! The two ways a payment reaches the platform.

/// How the shop starts a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentPath {
    /// The customer pays on the platform's Payment Page.
    PaymentPage,
    /// The shop's own checkout sends the sale through Gate; the customer goes straight to wallet or bank.
    Gate,
}

impl PaymentPath {
    /// The name in settings and pages.
    pub const fn code(self) -> &'static str {
        match self {
            PaymentPath::PaymentPage => "payment_page",
            PaymentPath::Gate => "gate",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [PaymentPath::PaymentPage, PaymentPath::Gate].into_iter().find(|path| path.code() == code)
    }
}

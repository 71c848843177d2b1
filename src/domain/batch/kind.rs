//! Whether a batch file holds refunds or payouts.

use crate::domain::books::MoneyKind;

named! {
    /// What all rows of a file ask for.
    pub enum BatchKind {
        Refund = "refund",
        Payout = "payout",
    }
}

impl From<BatchKind> for MoneyKind {
    fn from(kind: BatchKind) -> Self {
        match kind {
            BatchKind::Refund => MoneyKind::Refund,
            BatchKind::Payout => MoneyKind::Payout,
        }
    }
}

impl BatchKind {
    /// `refunds`, `payouts`.
    pub const fn plural(self) -> &'static str {
        match self {
            BatchKind::Refund => "refunds",
            BatchKind::Payout => "payouts",
        }
    }
}

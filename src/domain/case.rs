//! What waits for a person: money or words of the platform that no rule may settle alone.

use std::fmt;

use super::orders::order::Contradiction;

named! {
    pub enum CaseKind {
        /// A callback about a payment the shop never started.
        UnknownPayment = "unknown payment",
        /// A callback about another project.
        OtherProject = "other project",
        /// Another amount or currency than what was stored.
        WrongAmount = "wrong amount",
        /// A callback that says success, yet not of what, or speaks of an operation this shop never asks for.
        Incomplete = "incomplete callback",
        /// A callback whose signature fits more than one reading.
        Unconfirmed = "unconfirmed callback",
        /// A callback about a payment of this shop, of a kind it does not use, which may be about money.
        NotUsed = "unused callback",
        /// A second attempt of one order succeeded.
        SecondPayment = "second payment",
        /// A row of a run was declined and tried again, and now the money of both may move.
        MovedTwice = "moved twice",
        /// Paid after its things were no longer kept, and they are gone.
        NoStock = "paid without stock",
        /// The order it is about cannot be read from the store.
        UnreadableOrder = "unreadable order",
        /// More was given back than was taken.
        RefundedTooMuch = "refunded too much",
        /// Its time is over, the platform was asked and answered, and there is no end.
        NoEnd = "no end",
    }
}

impl CaseKind {
    /// In a sentence for whoever decides.
    pub const fn meaning(self) -> &'static str {
        match self {
            CaseKind::UnknownPayment => "The platform tells of a payment that this shop never began.",
            CaseKind::OtherProject => "The platform tells of another project's payment.",
            CaseKind::WrongAmount => "The platform tells of another amount or currency than what is stored here.",
            CaseKind::Incomplete => {
                "The platform calls it done, yet leaves out of what, or speaks of something this shop never asks for."
            }
            CaseKind::Unconfirmed => "The callback is signed, but could be read in more than one way.",
            CaseKind::NotUsed => "The platform tells something of a kind that this shop does not use, and it may be about money.",
            CaseKind::SecondPayment => "The order was paid before: the customer's money was taken again.",
            CaseKind::MovedTwice => {
                "A row of a run counted as declined and was tried again, and then its money moved after all: the customer may have it twice."
            }
            CaseKind::NoStock => "It was paid after its things were no longer kept, and they are gone.",
            CaseKind::UnreadableOrder => "The order it is about could not be read.",
            CaseKind::RefundedTooMuch => "More was given back than the customer paid.",
            CaseKind::NoEnd => "Its time is over, and the platform, asked since, tells no end: ask the platform's support.",
        }
    }

    /// Whether it is settled once the platform, asked, tells all of the payment beyond doubt.
    pub fn ends_with_a_clear_answer(self) -> bool {
        matches!(
            self,
            CaseKind::Incomplete | CaseKind::Unconfirmed | CaseKind::WrongAmount | CaseKind::UnreadableOrder | CaseKind::NoEnd
        )
    }

    /// What accepting a case of this kind does.
    pub fn when_accepted(self) -> WhenAccepted {
        match self {
            CaseKind::UnknownPayment | CaseKind::OtherProject | CaseKind::NotUsed => WhenAccepted::Impossible,
            CaseKind::Unconfirmed | CaseKind::UnreadableOrder | CaseKind::WrongAmount | CaseKind::Incomplete => {
                WhenAccepted::Applies
            }
            CaseKind::SecondPayment | CaseKind::MovedTwice | CaseKind::NoStock | CaseKind::RefundedTooMuch | CaseKind::NoEnd => {
                WhenAccepted::Closes
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAccepted {
    /// The callback moves the order by the usual rules, but for the one doubt of this case. Another doubt is another case.
    Applies,
    /// The money is known already; a person took care of the rest.
    Closes,
    /// There is nothing it could move: it can only be dismissed.
    Impossible,
}

impl From<Contradiction> for CaseKind {
    fn from(contradiction: Contradiction) -> Self {
        match contradiction {
            Contradiction::WrongAmount => CaseKind::WrongAmount,
            Contradiction::Incomplete => CaseKind::Incomplete,
        }
    }
}

impl fmt::Display for CaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

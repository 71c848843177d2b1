//! Cases: what the platform reported and no rule may settle, so that a person must decide.

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
        /// A callback that reports success without a sum, or an operation that this shop never asks for.
        Incomplete = "incomplete callback",
        /// A callback whose signature fits more than one reading.
        Unconfirmed = "unconfirmed callback",
        /// A callback about a payment of this shop, of a kind that the shop does not use but that may be about money.
        NotUsed = "unused callback",
        /// A second attempt of one order succeeded.
        SecondPayment = "second payment",
        /// A row of a batch counted as declined and was tried again, and now the money of both may move.
        MovedTwice = "moved twice",
        /// The order was paid after its hold ended, and the stock is gone.
        NoStock = "paid without stock",
        /// The order cannot be read from the store.
        UnreadableOrder = "unreadable order",
        /// More was refunded than taken.
        RefundedTooMuch = "refunded too much",
        /// The limit time is over, and the platform, when asked, reported no end.
        NoEnd = "no end",
    }
}

impl CaseKind {
    /// What happened, in a sentence for the person who decides.
    pub const fn meaning(self) -> &'static str {
        match self {
            CaseKind::UnknownPayment => "The platform reports a payment that this shop never began.",
            CaseKind::OtherProject => "The platform reports a payment of another project.",
            CaseKind::WrongAmount => "The platform reports another amount or currency than is stored here.",
            CaseKind::Incomplete => {
                "The platform reports success, but without a sum, or for an operation that this shop never asks for."
            }
            CaseKind::Unconfirmed => "The callback is signed, but could be read in more than one way.",
            CaseKind::NotUsed => "The platform reports something of a kind that this shop does not use, and it may be about money.",
            CaseKind::SecondPayment => "The order was paid before: the customer's money was taken again.",
            CaseKind::MovedTwice => {
                "A row of a batch counted as declined and was tried again, and then its money moved after all: the customer may have it twice."
            }
            CaseKind::NoStock => "It was paid after its stock was no longer held, and the stock is gone.",
            CaseKind::UnreadableOrder => "The order it is about could not be read.",
            CaseKind::RefundedTooMuch => "More was given back than the customer paid.",
            CaseKind::NoEnd => "Its time is over, and the platform, when asked, reports no end: ask the platform's support.",
        }
    }

    /// Whether a clear answer of the platform about the payment settles the case.
    pub fn ends_with_a_clear_answer(self) -> bool {
        matches!(
            self,
            CaseKind::Incomplete | CaseKind::Unconfirmed | CaseKind::WrongAmount | CaseKind::UnreadableOrder | CaseKind::NoEnd
        )
    }

    /// Whether nobody can say, while it is open, whether the customer has paid. A payment without an end has words of its own.
    pub fn leaves_payment_in_doubt(self) -> bool {
        matches!(
            self,
            CaseKind::OtherProject
                | CaseKind::WrongAmount
                | CaseKind::Incomplete
                | CaseKind::Unconfirmed
                | CaseKind::NotUsed
                | CaseKind::UnreadableOrder
        )
    }

    /// Whether it may be about this shop's own payments, and so about its money. Only what is not is ever ignored among many.
    pub fn is_about_this_shop(self) -> bool {
        !matches!(self, CaseKind::UnknownPayment | CaseKind::OtherProject)
    }

    /// Money was taken that is for nothing: giving it back is a decision, too.
    pub fn may_be_refunded(self) -> bool {
        matches!(self, CaseKind::SecondPayment | CaseKind::NoStock)
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
    /// The callback is applied by the usual rules, except for this case's doubt. Any other doubt becomes another case.
    Applies,
    /// The case is closed: the money is known already, and a person took care of the rest.
    Closes,
    /// There is nothing to apply: the case can only be dismissed.
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

//! Giving money back: which payment may be refunded, by how much, and what became of each refund.

use super::progress::Progress;
use crate::domain::{
    money::Money,
    orders::order::Attempt,
    text::{NotALine, line},
};
use crate::platform::{Method, Standing};

/// Seconds after which a refund should have ended. The platform publishes no limit; two days are a careful reading.
pub const LIMIT_S: i64 = 2 * 24 * 60 * 60;

/// A refund: some or all of a payment's money given back to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// `merchant_refund_id`; for a refund made elsewhere, a name made from the operation's id.
    pub id: String,
    pub payment_id: String,
    pub amount: Money,
    pub reason: String,
    pub progress: Progress,
    /// The platform's code, once it gave one.
    pub code: Option<String>,
    /// Unix seconds.
    pub asked_at: i64,
}

/// Why a refund is asked for: 1 to 255 characters that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// A payment that may be refunded, and how much of it is left. Only this type gives an amount to refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refundable {
    pub method: Method,
    left: Money,
}

/// Why a refund is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRefundable {
    #[error("this payment was not paid")]
    Unpaid,
    #[error("it is refunded already")]
    GivenBack,
    #[error("{0} has no refunds")]
    NoRefunds(&'static str),
    #[error("it is not known yet by which method it was paid")]
    UnknownMethod,
    #[error("nothing is left to refund")]
    NothingLeft,
    #[error("only {0} is left to refund")]
    TooMuch(Money),
    #[error("it was paid in {}", .0.code())]
    OtherCurrency(crate::domain::money::Currency),
    #[error("a refund is of more than nothing")]
    Zero,
    #[error("the customer's address is not known; refund it in the platform's Dashboard")]
    NoAddress,
    #[error("a reason has 1 to 255 characters; this one {0}")]
    NoReason(#[from] NotALine),
}

impl Refund {
    /// The time (Unix seconds) by which it should have ended.
    pub fn limit(&self) -> i64 {
        self.asked_at.saturating_add(LIMIT_S)
    }

    /// Whether this shop asked for it. A refund made elsewhere has no reason.
    pub fn was_asked_for_here(&self) -> bool {
        !self.reason.is_empty()
    }
}

impl Reason {
    /// Keeps only what is visible.
    pub fn parse(text: &str) -> Result<Self, NotALine> {
        line(text, 255).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Refundable {
    /// `refunds` are all refunds of this payment, done or not.
    pub fn of(attempt: &Attempt, refunds: &[Refund]) -> Result<Self, NotRefundable> {
        match attempt.standing() {
            Standing::Succeeded | Standing::PartiallyRefunded => {}
            Standing::Refunded => return Err(NotRefundable::GivenBack),
            _ => return Err(NotRefundable::Unpaid),
        }
        let method = attempt.paid_with.or(attempt.method).ok_or(NotRefundable::UnknownMethod)?;
        if method.rules().gate.refund.is_none() {
            return Err(NotRefundable::NoRefunds(method.rules().name));
        }
        let held = refunds.iter().filter(|refund| refund.progress.holds_money()).map(|refund| refund.amount.minor());
        let taken = attempt.taken().ok_or(NotRefundable::Unpaid)?;
        let left = taken.minor().saturating_sub(held.fold(0, u64::saturating_add));
        match Money::from_minor(left, taken.currency()) {
            Ok(left) if left.minor() > 0 => Ok(Self { method, left }),
            _ => Err(NotRefundable::NothingLeft),
        }
    }

    /// What may still be refunded: more than zero.
    pub fn left(self) -> Money {
        self.left
    }

    /// Checks an amount to refund; `None` asks for all that is left. Errors: another currency, zero, too much.
    pub fn amount(self, asked: Option<Money>) -> Result<Money, NotRefundable> {
        let Some(asked) = asked else { return Ok(self.left) };
        if asked.currency() != self.left.currency() {
            Err(NotRefundable::OtherCurrency(self.left.currency()))
        } else if asked.minor() == 0 {
            Err(NotRefundable::Zero)
        } else if asked.minor() > self.left.minor() {
            Err(NotRefundable::TooMuch(self.left))
        } else {
            Ok(asked)
        }
    }
}

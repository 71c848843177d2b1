//! What the platform reports about one payment: a closed set of events, each with the sum that moved.

use super::handover::Handover;
use crate::domain::{
    books::MoneyKind,
    money::{Currency, Money},
    transfers::progress::Outcome,
};
use crate::platform::{Method, PaymentStatus};

/// A report of the platform about one payment. Everything in it was signed.
#[derive(Debug, Clone)]
pub struct Statement {
    pub payment_id: String,
    /// The payment's status after the event.
    pub status: PaymentStatus,
    /// The platform's date (Unix seconds); 0 if it gave none.
    pub at: i64,
    pub code: Option<String>,
    /// `payment.method`, if the shop offers it.
    pub method: Option<Method>,
    /// `payment.sum`. After a refund it may say what is left of the payment.
    pub payment_sum: Option<StatedSum>,
    pub event: Event,
    /// A person accepted that the sum differs from what the shop asked for; the reported sum is booked.
    pub sum_is_accepted: bool,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The status changed, and no operation is named: it is about the sale of a purchase, or about the payout.
    Payment(StatedOperation, NextStep),
    Sale(StatedOperation, NextStep),
    /// A refund or a reversal.
    Refund(StatedOperation, Names),
    Payout(StatedOperation, Names),
    /// An operation that this shop never asks for.
    Other(StatedOperation, NextStep),
}

/// What the platform says about an operation of any kind.
#[derive(Debug, Clone, Default)]
pub struct StatedOperation {
    /// Its state; `None` if that is not told.
    pub outcome: Option<Outcome>,
    /// Its status reports only a fault: see [`Outcome::is_fault`].
    pub is_fault: bool,
    /// `operation.sum_initial`: the sum it moves.
    pub sum: Option<StatedSum>,
}

/// What the paying customer may do next.
#[derive(Debug, Clone, Default)]
pub struct NextStep {
    /// Where the customer is to be sent, if anywhere.
    pub handover: Option<Handover>,
    pub asks_last_name: bool,
    /// The customer may try the same payment again until then (Unix seconds).
    pub retry_until: Option<i64>,
}

/// The names by which a refund or payout is recognized.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The platform's id of the operation.
    pub operation_id: Option<String>,
    /// The id that Gate's answer gave the request.
    pub request_id: Option<String>,
    /// The shop's own name of a refund.
    pub merchant_refund_id: Option<String>,
}

/// A sum as the platform stated it: minor units and a currency code.
pub type StatedSum = (u64, String);

impl Event {
    pub fn operation(&self) -> &StatedOperation {
        match self {
            Event::Payment(operation, _)
            | Event::Sale(operation, _)
            | Event::Refund(operation, _)
            | Event::Payout(operation, _)
            | Event::Other(operation, _) => operation,
        }
    }

    /// What the customer may do next. Refunds and payouts need no customer.
    pub fn payer(&self) -> Option<&NextStep> {
        match self {
            Event::Payment(_, payer) | Event::Sale(_, payer) | Event::Other(_, payer) => Some(payer),
            Event::Refund(..) | Event::Payout(..) => None,
        }
    }

    /// The kind of money that it moves, if it names one.
    pub fn kind(&self) -> Option<MoneyKind> {
        match self {
            Event::Sale(..) => Some(MoneyKind::Sale),
            Event::Refund(..) => Some(MoneyKind::Refund),
            Event::Payout(..) => Some(MoneyKind::Payout),
            Event::Payment(..) | Event::Other(..) => None,
        }
    }

    /// The same event, without the kind of its operation.
    fn of_the_payment(self) -> Self {
        match self {
            Event::Payment(operation, payer) | Event::Sale(operation, payer) | Event::Other(operation, payer) => {
                Event::Payment(operation, payer)
            }
            Event::Refund(operation, _) | Event::Payout(operation, _) => Event::Payment(operation, NextStep::default()),
        }
    }
}

impl StatedOperation {
    pub fn has_succeeded(&self) -> bool {
        self.outcome == Some(Outcome::Succeeded)
    }

    /// Whether it says that it has not succeeded, or not yet.
    pub fn has_not_succeeded(&self) -> bool {
        self.outcome.is_some_and(|outcome| outcome != Outcome::Succeeded)
    }
}

impl Statement {
    /// The sums it names: that of the payment and that of the operation.
    pub fn sums(&self) -> impl Iterator<Item = &StatedSum> {
        [&self.payment_sum, &self.event.operation().sum].into_iter().flatten()
    }

    /// Whether it reports only a fault: see [`Outcome::is_fault`].
    pub fn is_fault(&self) -> bool {
        self.event.operation().is_fault || Outcome::is_fault(self.status.as_str())
    }

    /// The sum that moved: the operation's, else the payment's.
    pub fn moved(&self) -> Option<Money> {
        let (minor, currency) = self.event.operation().sum.as_ref().or(self.payment_sum.as_ref())?;
        Money::from_minor(*minor, Currency::from_code(currency)?).ok()
    }

    /// The same report with its sum accepted by a person.
    pub fn with_its_sum_accepted(self) -> Self {
        Self { sum_is_accepted: true, ..self }
    }

    /// The same report, completed from a sale of this amount: what it leaves out is filled in, what it says stays.
    pub fn completed_by_sale(self, amount: Money) -> Self {
        let event = match self.event {
            event @ (Event::Payout(..) | Event::Other(..)) => event.of_the_payment(),
            event => event,
        };
        Self { payment_sum: self.payment_sum.or(Some(of_money(amount))), event, ..self }
    }

    /// The same report, completed from a payout of this amount.
    pub fn completed_by_payout(self, amount: Money) -> Self {
        let event = match self.event {
            event @ Event::Payout(..) => event,
            event => event.of_the_payment(),
        };
        Self { payment_sum: self.payment_sum.or(Some(of_money(amount))), event, ..self }
    }
}

fn of_money(money: Money) -> StatedSum {
    (money.minor(), money.currency().code().to_owned())
}

//! An order and its attempts, and how the platform's reports change them.
//!
//! Reports may come twice, late and out of order. The rules do not depend on the order of arrival:
//! - within one attempt more evidence wins: open < declined < succeeded < partially refunded < refunded;
//! - among states of equal evidence the platform's own date decides;
//! - an attempt that keeps its money settles the order; a second such attempt becomes a case for a person;
//! - a report that contradicts what is stored changes nothing and becomes a case.

use crate::domain::{
    money::Money,
    shop::{customer::Contact, market::Market},
};
use crate::platform::{Method, PaymentStatus, Standing};

pub use super::{
    attempt::{Attempt, Contradiction, Heard},
    event::{Event, Names, NextStep, StatedOperation, StatedSum, Statement},
};

#[derive(Debug, Clone)]
pub struct Order {
    /// The number that people use: short, not secret.
    pub number: String,
    /// The secret part of its page's address: 128 random bits.
    pub token: String,
    pub market: Market,
    /// Language code the customer ordered in.
    pub language: String,
    pub customer_id: String,
    pub contact: Contact,
    /// The customer's IP address when the payment began.
    pub ip_address: Option<String>,
    pub lines: Vec<OrderLine>,
    pub total: Money,
    /// Unix seconds.
    pub placed_at: i64,
    /// Tracked stock is held for this order until then (Unix seconds).
    pub held_until: i64,
    /// The attempt that the customer used last comes last.
    pub attempts: Vec<Attempt>,
    /// The payment id of the attempt that settled the order.
    pub paid_by: Option<String>,
}

/// A product that was bought, with its name and price when the order was placed.
#[derive(Debug, Clone)]
pub struct OrderLine {
    pub slug: String,
    pub name: String,
    pub quantity: u32,
    pub unit: Money,
}

/// The state of an order, as its page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Nothing was heard of the newest attempt yet.
    Waiting,
    /// The platform is processing the payment, or waits for the customer.
    Processing,
    /// A try was declined, and the same payment may be tried again on the Payment Page.
    TryAgain,
    Declined,
    /// The platform says that the time to pay is over.
    Expired,
    /// The platform reports a fault of its own: whether money moved is not known.
    Failed,
    /// The limit time is over and no end was heard: whether money moved is not known.
    Silent,
    Paid,
    PartiallyRefunded,
    Refunded,
}

impl OrderState {
    /// Whether the customer may pay (again).
    pub fn is_payable(self) -> bool {
        !matches!(self, OrderState::Paid | OrderState::PartiallyRefunded | OrderState::Refunded)
    }
}

impl Order {
    /// The state at this moment (Unix seconds).
    pub fn state(&self, now: i64) -> OrderState {
        let Some(attempt) = self.telling_attempt() else { return OrderState::Waiting };
        let status = attempt.status.as_ref().map(PaymentStatus::as_str);
        match (attempt.standing(), status) {
            (Standing::Open | Standing::Declined, _) if attempt.may_be_retried(now) => OrderState::TryAgain,
            (Standing::Open, _) if attempt.is_over(now) => OrderState::Silent,
            (Standing::Open, None) => OrderState::Waiting,
            (Standing::Open, Some(_)) => OrderState::Processing,
            (Standing::Declined, Some("expired")) => OrderState::Expired,
            (Standing::Declined, Some("error" | "internal error" | "external error")) => OrderState::Failed,
            (Standing::Declined, _) => OrderState::Declined,
            (Standing::Succeeded, _) => OrderState::Paid,
            (Standing::PartiallyRefunded, _) => OrderState::PartiallyRefunded,
            (Standing::Refunded, _) => OrderState::Refunded,
        }
    }

    /// Whether a report of the platform may still change the state without the customer doing anything.
    pub fn may_change(&self, now: i64) -> bool {
        matches!(self.state(now), OrderState::Failed | OrderState::Silent)
            || self.attempts.iter().any(|attempt| attempt.is_open(now))
    }

    /// The attempt whose state is the order's: the one that paid, else the newest.
    pub fn telling_attempt(&self) -> Option<&Attempt> {
        let paid = self.paid_by.as_deref().and_then(|id| self.attempt(id));
        paid.or(self.attempts.last())
    }

    /// Finds an attempt. Payment ids are compared without case, as by the platform.
    pub fn attempt(&self, payment_id: &str) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.payment_id.eq_ignore_ascii_case(payment_id))
    }

    /// Whether money was taken for it; some or all may have been refunded since.
    pub fn is_paid(&self) -> bool {
        self.paid_by.is_some()
    }

    /// The index of the attempt to continue when the customer presses Pay again with the same method, so that switching
    /// methods back and forth makes no further payments.
    pub fn open_attempt(&self, method: Option<Method>, now: i64) -> Option<usize> {
        self.attempts.iter().rposition(|attempt| attempt.method == method && attempt.is_open(now))
    }

    /// Applies a report. `None`: it is about no attempt of this order.
    pub fn hear(&mut self, report: &Statement) -> Option<Heard> {
        let index = self.attempts.iter().position(|attempt| attempt.payment_id.eq_ignore_ascii_case(&report.payment_id))?;
        let had_money = self.attempts[index].keeps_money();
        let heard = self.attempts[index].hear(report);
        // A second payment does not replace the attempt that settled the order, even if that was refunded: a person must decide.
        let settled_by_another = self.paid_by.as_ref().is_some_and(|id| *id != self.attempts[index].payment_id);
        if heard == Heard::Moved && !settled_by_another {
            self.settle();
        }
        let took_money = |attempt: &Attempt| attempt.standing() >= Standing::Succeeded;
        let another_took = self.attempts.iter().enumerate().any(|(other, attempt)| other != index && took_money(attempt));
        if !had_money && self.attempts[index].keeps_money() && another_took {
            return Some(Heard::PaidTwice);
        }
        Some(heard)
    }

    /// Finds the attempt that settles the order: the current one while it keeps its money, else any that does.
    fn settle(&mut self) {
        let present = self.paid_by.as_deref().and_then(|id| self.attempt(id));
        if present.is_some_and(Attempt::keeps_money) {
            return;
        }
        let paying = self.attempts.iter().find(|attempt| attempt.keeps_money());
        let refunded = self.attempts.iter().find(|attempt| attempt.standing() == Standing::Refunded);
        if let Some(attempt) = paying.or(present).or(refunded) {
            self.paid_by = Some(attempt.payment_id.clone());
        }
    }
}

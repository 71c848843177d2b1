//! An order, its attempts to be paid, and what a report of the platform does to them.
//!
//! Reports come twice, late and out of order. The rules, whatever the order of arrival:
//! - within one attempt more evidence wins: open < declined < succeeded < partially refunded < refunded;
//! - among open states the platform's own date decides;
//! - the first attempt that succeeds settles the order; a second success is a case for a person;
//! - a report that does not match what was stored moves nothing and becomes a case.

use super::{
    customer::{Email, LastName},
    market::Market,
    money::Money,
};
use crate::platform::{Method, PaymentStatus, Standing};

#[derive(Debug, Clone)]
pub struct Order {
    /// What people call it: short, not secret.
    pub number: String,
    /// What opens its page: 128 random bits.
    pub token: String,
    pub market: Market,
    /// Language code the customer ordered in.
    pub language: String,
    pub customer_id: String,
    pub email: Option<Email>,
    pub last_name: Option<LastName>,
    pub lines: Vec<OrderLine>,
    pub total: Money,
    /// Unix seconds.
    pub placed_at: i64,
    /// Tracked things are kept for this order until then (Unix seconds).
    pub held_until: i64,
    /// Oldest first.
    pub attempts: Vec<Attempt>,
    /// The attempt that settled the order.
    pub paid_by: Option<String>,
}

/// What was bought, as it was called and priced when the order was placed.
#[derive(Debug, Clone)]
pub struct OrderLine {
    pub slug: String,
    pub name: String,
    pub quantity: u32,
    pub unit: Money,
}

/// One try to pay: one payment of the platform.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub payment_id: String,
    /// `None`: the customer chooses on the Payment Page.
    pub method: Option<Method>,
    pub amount: Money,
    /// Unix seconds.
    pub started_at: i64,
    /// The newest status; `None` before the first callback.
    pub status: Option<PaymentStatus>,
    /// The platform's date of that status (Unix seconds).
    pub status_at: i64,
    /// The platform's code with that status, such as `20101`.
    pub code: Option<String>,
}

/// What the platform says of one payment. Everything in it was signed.
#[derive(Debug, Clone)]
pub struct Report {
    pub payment_id: String,
    pub status: PaymentStatus,
    /// The platform's date (Unix seconds); 0 if it gave none.
    pub at: i64,
    pub code: Option<String>,
    /// `None` when the operation's type is not told: then it is about the payment itself, a sale.
    pub operation: Option<Operation>,
    pub operation_succeeded: Option<bool>,
    /// Minor units and currency code of the payment, and of this operation.
    pub payment_sum: Option<(u64, String)>,
    pub operation_sum: Option<(u64, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Sale,
    /// A refund or a reversal.
    Refund,
    Other,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Moved,
    /// Known already, older than what is known, or not about the sale.
    Unchanged,
    /// Moves nothing: a person must look.
    Contradicts(Contradiction),
    /// The attempt moved, and a person must look: the order was already paid by another attempt.
    PaidTwice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Another amount or currency than what was stored.
    WrongAmount,
    /// Says success, yet leaves out the sum or speaks of an operation that did not succeed.
    Incomplete,
}

/// An order as its page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Nothing was heard of the newest attempt yet.
    Waiting,
    /// The platform is at it, or waits for the customer.
    Processing,
    Declined,
    Expired,
    Paid,
    PartiallyRefunded,
    Refunded,
}

impl OrderState {
    /// Whether the next word of the platform may still change it without the customer doing anything.
    pub fn is_pending(self) -> bool {
        matches!(self, OrderState::Waiting | OrderState::Processing)
    }

    /// Whether the customer may pay (again).
    pub fn is_payable(self) -> bool {
        !matches!(self, OrderState::Paid | OrderState::PartiallyRefunded | OrderState::Refunded)
    }
}

impl Order {
    pub fn state(&self, now: i64) -> OrderState {
        let Some(attempt) = self.telling_attempt() else { return OrderState::Expired };
        match attempt.standing() {
            Standing::Open if attempt.is_expired(now) => OrderState::Expired,
            Standing::Open if attempt.status.is_none() => OrderState::Waiting,
            Standing::Open => OrderState::Processing,
            Standing::Declined if attempt.status.as_ref().is_some_and(|status| status.as_str() == "expired") => OrderState::Expired,
            Standing::Declined => OrderState::Declined,
            Standing::Succeeded => OrderState::Paid,
            Standing::PartiallyRefunded => OrderState::PartiallyRefunded,
            Standing::Refunded => OrderState::Refunded,
        }
    }

    /// The attempt whose state is the order's: the one that paid, else the newest.
    pub fn telling_attempt(&self) -> Option<&Attempt> {
        let paid = self.paid_by.as_deref().and_then(|id| self.attempt(id));
        paid.or(self.attempts.last())
    }

    pub fn attempt(&self, payment_id: &str) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.payment_id.eq_ignore_ascii_case(payment_id))
    }

    pub fn is_paid(&self) -> bool {
        self.paid_by.is_some()
    }

    /// The attempt to go on with when the customer presses Pay again with the same method.
    pub fn open_attempt(&self, method: Option<Method>, now: i64) -> Option<&Attempt> {
        self.attempts.last().filter(|attempt| attempt.method == method && attempt.is_open(now))
    }

    /// Takes in a report. `None` if it is about no attempt of this order.
    pub fn hear(&mut self, report: &Report) -> Option<Heard> {
        let paid_by = self.paid_by.clone();
        let attempt = self.attempts.iter_mut().find(|attempt| attempt.payment_id.eq_ignore_ascii_case(&report.payment_id))?;
        let heard = attempt.hear(report);
        if heard != Heard::Moved || attempt.standing() < Standing::Succeeded {
            return Some(heard);
        }
        match paid_by {
            None => {
                self.paid_by = Some(attempt.payment_id.clone());
                Some(Heard::Moved)
            }
            Some(payment_id) if payment_id == attempt.payment_id => Some(Heard::Moved),
            // Money given back is no second payment.
            Some(_) if attempt.standing() > Standing::Succeeded => Some(Heard::Moved),
            Some(_) => Some(Heard::PaidTwice),
        }
    }
}

impl Attempt {
    pub fn standing(&self) -> Standing {
        self.status.as_ref().map_or(Standing::Open, PaymentStatus::standing)
    }

    /// Whether the customer may still pay this very attempt.
    pub fn is_open(&self, now: i64) -> bool {
        self.standing() == Standing::Open && !self.is_expired(now)
    }

    /// Unfinished past its method's limit time: by then the platform has declined it.
    pub fn is_expired(&self, now: i64) -> bool {
        let limit = self.method.map_or(crate::platform::method::LONGEST_LIMIT_TIME_S, |method| method.rules().limit_time_s);
        self.standing() == Standing::Open && now > self.started_at.saturating_add(limit)
    }

    fn hear(&mut self, report: &Report) -> Heard {
        if let Some(contradiction) = self.contradiction(report) {
            return Heard::Contradicts(contradiction);
        }
        if !report.is_about_the_sale() && report.status.standing() <= Standing::Succeeded {
            // A refund that was declined leaves the payment at success; that proves no sale.
            return Heard::Unchanged;
        }
        if !self.is_news(report) {
            return Heard::Unchanged;
        }
        self.status = Some(report.status.clone());
        self.status_at = report.at;
        self.code.clone_from(&report.code);
        Heard::Moved
    }

    fn is_news(&self, report: &Report) -> bool {
        let Some(status) = &self.status else { return true };
        match (status.standing(), report.status.standing()) {
            (Standing::Open, Standing::Open) => {
                let known = (self.status_at, status.ordinal(), status.as_str());
                (report.at, report.status.ordinal(), report.status.as_str()) > known
            }
            (known, told) => told > known,
        }
    }

    fn contradiction(&self, report: &Report) -> Option<Contradiction> {
        let equal = |sum: &(u64, String)| sum.0 == self.amount.minor() && sum.1 == self.amount.currency().code();
        if report.is_about_the_sale() {
            let differs = [&report.payment_sum, &report.operation_sum].into_iter().flatten().any(|sum| !equal(sum));
            let unproved = report.payment_sum.is_none() || report.operation_succeeded == Some(false);
            match report.status.standing() {
                _ if differs => Some(Contradiction::WrongAmount),
                Standing::Succeeded if unproved => Some(Contradiction::Incomplete),
                _ => None,
            }
        } else if report.status.standing() > Standing::Succeeded {
            // After a refund the payment's own sum is not dependable: only the operation's counts.
            match &report.operation_sum {
                Some((amount, currency)) if *amount <= self.amount.minor() && currency == self.amount.currency().code() => {
                    (report.operation_succeeded == Some(false)).then_some(Contradiction::Incomplete)
                }
                Some(_) => Some(Contradiction::WrongAmount),
                None => Some(Contradiction::Incomplete),
            }
        } else {
            None
        }
    }
}

impl Report {
    /// The same report as though it named the attempt's own amount: a person took responsibility for the difference.
    pub fn with_amount_of(mut self, attempt: &Attempt) -> Self {
        let sum = (attempt.amount.minor(), attempt.amount.currency().code().to_owned());
        self.payment_sum = Some(sum.clone());
        self.operation_sum = Some(sum);
        self
    }

    fn is_about_the_sale(&self) -> bool {
        matches!(self.operation, None | Some(Operation::Sale))
    }
}

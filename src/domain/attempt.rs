//! One try to pay an order, and what a report of the platform does to it.

use super::{
    books::Kind,
    handover::Handover,
    money::{Currency, Money},
    progress::Progress,
};
use crate::platform::{Method, PaymentStatus, Standing, method::LONGEST_LIMIT_TIME_S};

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
    /// What was told to have been taken from the customer: the amount, unless a person accepted another sum.
    pub taken: Option<Money>,
    /// The method the platform says it was paid with.
    pub paid_with: Option<Method>,
    /// A direct sale: how far its request came. `None`: the customer pays on the Payment Page.
    pub sale: Option<Progress>,
    /// Where the customer of a direct sale is to be sent.
    pub handover: Option<Handover>,
    /// The platform waits for the customer's last name.
    pub asks_last_name: bool,
    /// After a declined try: until then (Unix seconds) the same payment may be tried again on the Payment Page.
    pub retry_until: Option<i64>,
}

/// What the platform says of one payment. Everything in it was signed.
#[derive(Debug, Clone)]
pub struct Report {
    pub payment_id: String,
    pub status: PaymentStatus,
    /// The platform's date (Unix seconds); 0 if it gave none.
    pub at: i64,
    pub code: Option<String>,
    /// The customer may try the same payment again until then (Unix seconds).
    pub retry_until: Option<i64>,
    /// `None` when the operation's type is not told: then it is about the payment itself, a sale.
    pub operation: Option<Operation>,
    pub operation_succeeded: Option<bool>,
    /// Where the customer is to be sent, if anywhere.
    pub handover: Option<Handover>,
    pub asks_last_name: bool,
    /// What the platform says of this operation alone.
    pub told: Option<OperationWord>,
    /// `payment.method`, if it is one of ours.
    pub method: Option<Method>,
    /// Minor units and currency code of the payment, and of this operation.
    pub payment_sum: Option<Sum>,
    pub operation_sum: Option<Sum>,
    /// A person accepted that the sum is another one than the shop asked for. It is booked as told.
    pub sum_is_accepted: bool,
}

/// An operation by its names, and its own status.
#[derive(Debug, Clone, Default)]
pub struct OperationWord {
    /// `operation.status` on the wire.
    pub status: Option<String>,
    /// The platform's number of it.
    pub operation_id: Option<String>,
    /// What Gate's answer named the request.
    pub request_id: Option<String>,
    /// Our own name of a refund.
    pub merchant_refund_id: Option<String>,
}

/// An amount as it was told: minor units and a currency code.
pub type Sum = (u64, String);

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Sale,
    /// A refund or a reversal.
    Refund,
    Payout,
    Other,
}

impl Operation {
    /// What moves by it.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Operation::Sale => Some(Kind::Sale),
            Operation::Refund => Some(Kind::Refund),
            Operation::Payout => Some(Kind::Payout),
            Operation::Other => None,
        }
    }
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

/// Why a report does not fit what was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Another amount or currency than what was stored.
    WrongAmount,
    /// Says success, yet leaves out the sum or speaks of an operation that did not succeed.
    Incomplete,
}

impl Attempt {
    /// How far this payment has come.
    pub fn standing(&self) -> Standing {
        self.status.as_ref().map_or(Standing::Open, PaymentStatus::standing)
    }

    /// Its money was taken and not all of it given back.
    pub fn keeps_money(&self) -> bool {
        matches!(self.standing(), Standing::Succeeded | Standing::PartiallyRefunded)
    }

    /// Whether the customer may still pay this very attempt.
    pub fn is_open(&self, now: i64) -> bool {
        (self.standing() == Standing::Open && !self.is_over(now)) || self.may_be_retried(now)
    }

    /// A try was declined, yet the Payment Page takes another one.
    pub fn may_be_retried(&self, now: i64) -> bool {
        self.standing() <= Standing::Declined && self.retry_until.is_some_and(|until| now < until) && !self.is_over(now)
    }

    /// Past its method's limit time, by which the platform declines what is unfinished.
    pub fn is_over(&self, now: i64) -> bool {
        now > self.limit()
    }

    /// By when (Unix seconds) the platform has ended it, whatever it said before.
    pub fn limit(&self) -> i64 {
        self.started_at.saturating_add(self.method.map_or(LONGEST_LIMIT_TIME_S, |method| method.rules().limit_time_s))
    }

    /// It was declined, and nothing is to be expected any more but that the platform takes it back.
    pub fn is_declined_for_good(&self, now: i64) -> bool {
        let by_a_fault =
            matches!(self.status.as_ref().map(PaymentStatus::as_str), Some("error" | "internal error" | "external error"));
        self.standing() == Standing::Declined && !by_a_fault && !self.may_be_retried(now)
    }

    /// Takes in a report about this very payment.
    pub(super) fn hear(&mut self, report: &Report) -> Heard {
        if report.repeats(self.standing()) {
            return Heard::Unchanged;
        }
        if let Some(contradiction) = self.contradiction(report) {
            return Heard::Contradicts(contradiction);
        }
        if !self.is_news(report) {
            return Heard::Unchanged;
        }
        self.status = Some(report.status.clone());
        self.status_at = report.at;
        self.code.clone_from(&report.code);
        self.retry_until = report.retry_until;
        self.handover = report.handover.clone().or(self.handover.take());
        self.asks_last_name = report.asks_last_name;
        self.paid_with = report.method.or(self.paid_with);
        if self.standing() >= Standing::Succeeded {
            // After a refund the payment's own sum says what is left, not what was taken.
            let told = report.sale_sum().filter(|_| report.operation != Some(Operation::Refund));
            self.taken = told.or(self.taken).or(Some(self.amount));
        }
        Heard::Moved
    }

    /// What was taken from the customer, if anything was.
    pub fn taken(&self) -> Option<Money> {
        (self.standing() >= Standing::Succeeded).then(|| self.taken.unwrap_or(self.amount))
    }

    /// More evidence than what is known, or as much with a later date.
    fn is_news(&self, report: &Report) -> bool {
        let Some(known) = &self.status else { return true };
        let told = &report.status;
        let known = (known.standing(), self.status_at, known.ordinal(), known.as_str());
        (told.standing(), report.at, told.ordinal(), told.as_str()) > known
    }

    fn contradiction(&self, report: &Report) -> Option<Contradiction> {
        let told = report.status.standing();
        match report.operation {
            None | Some(Operation::Sale) => {
                let differs =
                    |sum: &Sum| sum.1 != self.amount.currency().code() || (sum.0 != self.amount.minor() && !report.sum_is_accepted);
                let unproved = report.payment_sum.is_none() || report.operation_succeeded == Some(false);
                if [&report.payment_sum, &report.operation_sum].into_iter().flatten().any(differs) {
                    Some(Contradiction::WrongAmount)
                } else {
                    (told >= Standing::Succeeded && unproved).then_some(Contradiction::Incomplete)
                }
            }
            // After a refund the payment's own sum is not dependable: only the operation's counts.
            Some(Operation::Refund) => match &report.operation_sum {
                Some((amount, currency))
                    if (*amount > self.taken.unwrap_or(self.amount).minor() && !report.sum_is_accepted)
                        || currency != self.amount.currency().code() =>
                {
                    Some(Contradiction::WrongAmount)
                }
                Some(_) if report.operation_succeeded != Some(false) => None,
                _ => Some(Contradiction::Incomplete),
            },
            // Something this shop never asks for: what it says of the end of a payment is for a person to judge.
            Some(Operation::Payout | Operation::Other) => (told > Standing::Open).then_some(Contradiction::Incomplete),
        }
    }
}

impl Report {
    /// What its sale took, as told.
    fn sale_sum(&self) -> Option<Money> {
        let (minor, currency) = self.operation_sum.as_ref().or(self.payment_sum.as_ref())?;
        Money::from_minor(*minor, Currency::from_code(currency)?).ok()
    }

    /// The same report with what it leaves out taken from the attempt's sale. What it does say stays as it is.
    pub fn completed_by(self, attempt: &Attempt) -> Self {
        let operation = self.operation.filter(|operation| !matches!(operation, Operation::Payout | Operation::Other));
        Self {
            payment_sum: self.payment_sum.or_else(|| Some((attempt.amount.minor(), attempt.amount.currency().code().to_owned()))),
            operation,
            ..self
        }
    }

    /// Tells nothing new: a refund that was declined or is under way, or one that leaves the payment as it was.
    fn repeats(&self, known: Standing) -> bool {
        let told = self.status.standing();
        match self.operation {
            Some(Operation::Refund) => told <= Standing::Succeeded || (self.operation_succeeded == Some(false) && told <= known),
            Some(Operation::Payout | Operation::Other) => told > Standing::Open && told <= known,
            Some(Operation::Sale) | None => false,
        }
    }
}

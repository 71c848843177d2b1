//! One attempt to pay an order, and how the platform's reports change it.

use super::{
    event::{Event, StatedOperation, StatedSum, Statement},
    handover::Handover,
};
use crate::domain::{
    money::Money,
    transfers::progress::{Outcome, Progress},
};
use crate::platform::{Method, PaymentStatus, Standing, method::LONGEST_LIMIT_TIME_S};

/// One attempt to pay an order: one payment at the platform.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub payment_id: String,
    /// `None`: the customer chooses on the Payment Page.
    pub method: Option<Method>,
    pub amount: Money,
    /// Unix seconds.
    pub started_at: i64,
    /// The Payment Page accepts it until then (Unix seconds).
    pub begins_before: i64,
    /// The newest status; `None` before the first callback.
    pub status: Option<PaymentStatus>,
    /// The platform's date of that status (Unix seconds).
    pub status_at: i64,
    /// The platform's code with that status, such as `20101`.
    pub code: Option<String>,
    /// What the platform says it took from the customer: `amount`, unless a person accepted another amount.
    pub taken: Option<Money>,
    /// The method the platform says it was paid with.
    pub paid_with: Option<Method>,
    /// The progress of a direct sale. `None`: the customer pays on the Payment Page.
    pub sale: Option<Progress>,
    /// Where the customer of a direct sale is to be sent.
    pub handover: Option<Handover>,
    /// The platform waits for the customer's last name.
    pub asks_last_name: bool,
    /// After a decline: until then (Unix seconds) the same payment may be tried again on the Payment Page.
    pub retry_until: Option<i64>,
}

/// What a report did to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Moved,
    /// The report is known already, older than what is known, or not about the sale.
    Unchanged,
    /// Nothing changed; a person must look.
    Contradicts(Contradiction),
    /// The attempt changed, and a person must look: the order was already paid by another attempt.
    PaidTwice,
}

/// Why a report contradicts what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Another amount or currency than what was stored.
    WrongAmount,
    /// It reports success without a sum, or with an operation that did not succeed.
    Incomplete,
}

impl Attempt {
    /// How far this payment has come.
    pub fn standing(&self) -> Standing {
        self.status.as_ref().map_or(Standing::Open, PaymentStatus::standing)
    }

    /// Whether its money was taken and not all of it refunded.
    pub fn keeps_money(&self) -> bool {
        matches!(self.standing(), Standing::Succeeded | Standing::PartiallyRefunded)
    }

    /// Whether the customer may still pay this very attempt.
    pub fn is_open(&self, now: i64) -> bool {
        (self.standing() == Standing::Open && !self.is_over(now)) || self.may_be_retried(now)
    }

    /// Whether a try was declined, but the Payment Page accepts another one.
    pub fn may_be_retried(&self, now: i64) -> bool {
        self.standing() <= Standing::Declined && self.retry_until.is_some_and(|until| now < until) && !self.is_over(now)
    }

    /// Whether its method's limit time has passed. The platform declines what is unfinished by then.
    pub fn is_over(&self, now: i64) -> bool {
        now > self.limit()
    }

    /// The limit time (Unix seconds): the platform has ended the payment by then.
    pub fn limit(&self) -> i64 {
        self.started_at.saturating_add(self.method.map_or(LONGEST_LIMIT_TIME_S, |method| method.rules().limit_time_s))
    }

    /// Whether the decline is final, unless the platform itself revokes it.
    pub fn is_declined_for_good(&self, now: i64) -> bool {
        let by_a_fault = self.status.as_ref().is_some_and(|status| Outcome::is_fault(status.as_str()));
        self.standing() == Standing::Declined && !by_a_fault && !self.may_be_retried(now)
    }

    /// Applies a report about this payment.
    pub(super) fn hear(&mut self, report: &Statement) -> Heard {
        let told = match &report.event {
            Event::Payment(sale, _) | Event::Sale(sale, _) => self.hear_sale(report, sale),
            Event::Refund(refund, _) => self.hear_refund(report, refund),
            Event::Payout(..) | Event::Other(..) => self.hear_other(report),
        };
        match told {
            Err(contradiction) => Heard::Contradicts(contradiction),
            Ok(false) => Heard::Unchanged,
            Ok(true) if !self.is_news(report) => Heard::Unchanged,
            Ok(true) => {
                self.move_on(report);
                Heard::Moved
            }
        }
    }

    /// Whether the report may change the attempt; likewise the following two.
    fn hear_sale(&self, report: &Statement, sale: &StatedOperation) -> Result<bool, Contradiction> {
        let differs = |sum: &StatedSum| !self.is_its_currency(sum) || (sum.0 != self.amount.minor() && !report.sum_is_accepted);
        if report.sums().any(differs) {
            return Err(Contradiction::WrongAmount);
        }
        let is_proved = report.payment_sum.is_some() && !sale.has_not_succeeded();
        if report.status.standing() >= Standing::Succeeded && !is_proved {
            return Err(Contradiction::Incomplete);
        }
        Ok(true)
    }

    /// After a refund the payment's own sum is unreliable: only the operation's sum counts.
    fn hear_refund(&self, report: &Statement, refund: &StatedOperation) -> Result<bool, Contradiction> {
        let told = report.status.standing();
        // The refund was declined, is under way, or leaves the payment as it was.
        if told <= Standing::Succeeded || (refund.has_not_succeeded() && told <= self.standing()) {
            return Ok(false);
        }
        let Some(sum) = &refund.sum else { return Err(Contradiction::Incomplete) };
        let is_too_much = sum.0 > self.taken.unwrap_or(self.amount).minor() && !report.sum_is_accepted;
        if is_too_much || !self.is_its_currency(sum) {
            return Err(Contradiction::WrongAmount);
        }
        if refund.has_not_succeeded() { Err(Contradiction::Incomplete) } else { Ok(true) }
    }

    /// An operation that this shop never asks for: if it reports the end of the payment, a person must judge.
    fn hear_other(&self, report: &Statement) -> Result<bool, Contradiction> {
        match report.status.standing() {
            Standing::Open => Ok(true),
            told if told <= self.standing() => Ok(false),
            _ => Err(Contradiction::Incomplete),
        }
    }

    fn move_on(&mut self, report: &Statement) {
        self.status = Some(report.status.clone());
        self.status_at = report.at;
        self.code.clone_from(&report.code);
        let payer = report.event.payer();
        self.retry_until = payer.and_then(|payer| payer.retry_until);
        self.handover = payer.and_then(|payer| payer.handover.clone()).or(self.handover.take());
        self.asks_last_name = payer.is_some_and(|payer| payer.asks_last_name);
        self.paid_with = report.method.or(self.paid_with);
        if self.standing() >= Standing::Succeeded {
            // The sum of a refund is not what was taken.
            let told = if matches!(report.event, Event::Refund(..)) { None } else { report.moved() };
            self.taken = told.or(self.taken).or(Some(self.amount));
        }
    }

    fn is_its_currency(&self, (_, currency): &StatedSum) -> bool {
        currency == self.amount.currency().code()
    }

    /// What was taken from the customer, if anything was.
    pub fn taken(&self) -> Option<Money> {
        (self.standing() >= Standing::Succeeded).then(|| self.taken.unwrap_or(self.amount))
    }

    /// Whether the report has more evidence than what is known, or as much and a later date.
    fn is_news(&self, report: &Statement) -> bool {
        let Some(known) = &self.status else { return true };
        let told = &report.status;
        let known = (known.standing(), self.status_at, known.ordinal(), known.as_str());
        (told.standing(), report.at, told.ordinal(), told.as_str()) > known
    }
}

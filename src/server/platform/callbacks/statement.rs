//! Translates a verified callback into the shop's words.

use crate::{
    domain::{
        orders::{
            handover::Handover,
            order::{Event, Names, NextStep, StatedOperation, Statement},
        },
        transfers::progress::Outcome,
    },
    platform::{Method, PaymentStatus},
    protocol::{
        callback::{CallbackSum, Content, VerifiedCallback},
        gate::Redirection,
    },
};

/// What it tells, `now` being when it came (Unix seconds). `None`: it is of a kind this shop does not use.
pub fn statement(callback: &VerifiedCallback, now: i64) -> Option<Statement> {
    let Content::Payment { id, status } = callback.content() else { return None };
    Some(Statement {
        payment_id: id.clone(),
        status: PaymentStatus::new(status),
        at: date(callback),
        code: callback.operation_code().map(str::to_owned),
        method: callback.method().and_then(Method::from_callback_name),
        payment_sum: callback.payment_sum().map(pair),
        event: event(callback, now),
        sum_is_accepted: false,
    })
}

fn event(callback: &VerifiedCallback, now: i64) -> Event {
    let operation = StatedOperation {
        outcome: callback.operation_status().map(Outcome::of_status),
        is_fault: callback.operation_status().is_some_and(Outcome::is_fault),
        sum: callback.operation_sum().map(pair),
    };
    match callback.operation_type() {
        None => Event::Payment(operation, payer(callback, now)),
        Some("sale") => Event::Sale(operation, payer(callback, now)),
        Some("refund" | "reversal") => Event::Refund(operation, names(callback)),
        Some("payout") => Event::Payout(operation, names(callback)),
        Some(_) => Event::Other(operation, payer(callback, now)),
    }
}

fn payer(callback: &VerifiedCallback, now: i64) -> NextStep {
    // Counted from the earlier of the two moments: a late callback does not extend the time.
    let told_at = match date(callback) {
        0 => now,
        at => at.min(now),
    };
    NextStep {
        handover: callback.redirect_data().and_then(Redirection::read).map(handover),
        asks_last_name: callback.payment_status() == Some("awaiting clarification") && callback.asks_last_name(),
        retry_until: callback.new_attempts_within_s().map(|seconds| told_at.saturating_add(seconds.into())),
    }
}

fn names(callback: &VerifiedCallback) -> Names {
    Names {
        operation_id: callback.operation_id(),
        request_id: callback.request_id().map(str::to_owned),
        merchant_refund_id: callback.merchant_refund_id().map(str::to_owned),
    }
}

fn pair(CallbackSum { amount, currency }: CallbackSum) -> (u64, String) {
    (amount, currency)
}

/// Unix seconds; 0 if it gives none.
fn date(callback: &VerifiedCallback) -> i64 {
    callback.date().and_then(seconds).unwrap_or(0).max(0)
}

fn handover(Redirection { by_post, url, fields }: Redirection) -> Handover {
    Handover { by_post, url: url.into(), fields }
}

/// `2020-12-10T10:44:49+0000`
fn seconds(date: &str) -> Option<i64> {
    jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", date).ok().map(|moment| moment.as_second())
}

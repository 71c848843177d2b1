//! What becomes of a refund or payout, shortly after it was accepted.
//!
//! For testers: a refund whose `payment.description`, or a payout whose `account.customer_name`, holds the word
//! "decline" (in any case) is declined with 20000. The fault `operations_pending` leaves all undecided as long as it is
//! set; a payout is declined then when its time is over.

use crate::{
    acts::step::{rule, tell},
    callbacks::queue,
    ledger::{Transaction, control, error::LedgerError, operations, payments},
    payments::{
        operation::{self, Operation, OperationType},
        payment::Payment,
        verdict::{self, Verdict},
    },
    running::clock::Moment,
    sandbox::{ActError, Sandbox},
};
use storefront::domain::text::folded;

/// Decides an operation that waits for it; a decided one stays as it is.
pub fn decide(tx: &Transaction, sandbox: &Sandbox, payment: i64, operation: i64) -> Result<(), ActError> {
    end(tx, sandbox, payment, operation, sandbox.clock.now(), verdict)
}

/// Declines an operation that was not decided in time.
pub fn time_out(tx: &Transaction, sandbox: &Sandbox, payment: i64, operation: i64, at: Moment) -> Result<(), ActError> {
    end(tx, sandbox, payment, operation, at, |_, _, _, _| Ok(verdict::TIMED_OUT))
}

fn end(
    tx: &Transaction,
    sandbox: &Sandbox,
    payment: i64,
    operation: i64,
    at: Moment,
    verdict: impl FnOnce(&Transaction, &Payment, &[Operation], &Operation) -> Result<Verdict, LedgerError>,
) -> Result<(), ActError> {
    let mut all = operations::of_payment(tx, payment)?;
    let waits = |known: &Operation| known.id == operation && known.decides_at.is_some();
    let (Some(place), Some(mut payment)) = (all.iter().position(waits), payments::by_id(tx, payment)?) else { return Ok(()) };
    let verdict = verdict(tx, &payment, &all[..place], &all[place])?;
    rule(tx, &mut all[place], verdict, at)?;
    let status = status(&payment, &all, &all[place]);
    tell(tx, sandbox, &mut payment, &all[place], &status, at)?;
    let delay = control::faults(tx)?.delay();
    Ok(queue::release(tx, payment.id, at.plus(delay))?)
}

/// Depends on the customer's earlier payments, on earlier refunds, and on the word "decline".
fn verdict(tx: &Transaction, payment: &Payment, earlier: &[Operation], operation: &Operation) -> Result<Verdict, LedgerError> {
    let asks_for_decline = |text: Option<&str>| text.is_some_and(|text| folded(text).contains("decline"));
    Ok(match operation.operation_type {
        OperationType::Payout => {
            let customer_id = payment.fields.filled("customer_id").unwrap_or_default();
            match payments::customer_has_paid(tx, payment.method, customer_id)? {
                false => verdict::NO_EARLIER_PURCHASE,
                true if asks_for_decline(payment.fields.filled("customer_account_name")) => verdict::GENERAL_DECLINE,
                true => verdict::SUCCESS,
            }
        }
        OperationType::Refund | OperationType::Sale => {
            match operation::claimed(earlier).saturating_add(operation.amount) > payment.amount {
                true => verdict::REFUND_ABOVE_PAID,
                false if asks_for_decline(operation.description.as_deref()) => verdict::GENERAL_DECLINE,
                false => verdict::SUCCESS,
            }
        }
    })
}

/// The payment's status after the decision: a declined refund changes nothing.
fn status(payment: &Payment, all: &[Operation], decided: &Operation) -> String {
    match decided.operation_type {
        OperationType::Payout => decided.status.clone(),
        _ if !decided.is_refunded() => payment.status.to_string(),
        _ if operation::refunded(all) >= payment.amount => verdict::REFUNDED.to_owned(),
        _ => verdict::PARTIALLY_REFUNDED.to_owned(),
    }
}

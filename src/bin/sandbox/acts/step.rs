//! What all acts share: an operation gets its verdict, its payment a status, and a callback tells it.

use crate::{
    callbacks::queue,
    ledger::{Transaction, error::LedgerError, operations, payments},
    payments::{operation::Operation, payment::Payment, verdict::Verdict},
    running::clock::Moment,
    sandbox::{ActError, Sandbox},
};
use storefront::platform::PaymentStatus;

/// Moves the payment to a status and queues the callback that tells it.
pub fn tell(
    tx: &Transaction,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &Operation,
    status: &str,
    at: Moment,
) -> Result<(), ActError> {
    payments::set_status(tx, payment.id, status, at)?;
    payment.status = PaymentStatus::new(status);
    payment.changed_at = at;
    queue::queue(tx, sandbox, payment, operation, at)
}

/// Moves an operation to a state.
pub fn rule(tx: &Transaction, operation: &mut Operation, verdict: Verdict, at: Moment) -> Result<(), LedgerError> {
    operations::set_verdict(tx, operation.id, verdict, at)?;
    operation.status = verdict.status.to_owned();
    operation.code = verdict.code.to_owned();
    operation.message = verdict.message.to_owned();
    operation.decides_at = None;
    operation.changed_at = at;
    Ok(())
}

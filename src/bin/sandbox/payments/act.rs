//! What all acts share: an act is one transaction that moves a payment and queues the callbacks that tell it.

use crate::{
    callbacks::{body::Unwritable, queue},
    ledger::{LedgerError, Transaction, operations, payments},
    payments::{operation::Operation, payment::Payment, verdict::Verdict},
    running::clock::Moment,
    sandbox::Sandbox,
};
use storefront::platform::PaymentStatus;

/// Why an act was not done; nothing of it was written then.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

impl ActError {
    /// Whether the same may succeed a moment later.
    pub fn may_pass(&self) -> bool {
        matches!(self, ActError::Ledger(error) if error.may_pass())
    }
}

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

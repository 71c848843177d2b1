//! What all acts share: an act is one transaction that moves a payment and queues the callbacks that tell it.

use sqlx::SqliteConnection;
use storefront::platform::PaymentStatus;

use crate::{
    callback_body::Unwritable,
    callbacks,
    clock::Moment,
    ledger::{LedgerError, operations, payments},
    operation::Operation,
    payment::Payment,
    sandbox::Sandbox,
    verdict::Verdict,
};

/// Why an act was not done; nothing of it was written then.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// Moves the payment to a status and queues the callback that tells it.
pub async fn tell(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &Operation,
    status: &str,
    at: Moment,
) -> Result<(), ActError> {
    payments::set_status(write, payment.id, status, at).await?;
    payment.status = PaymentStatus::new(status);
    payment.changed_at = at;
    callbacks::queue(write, sandbox, payment, operation, at).await
}

/// Moves an operation to a state.
pub async fn rule(
    write: &mut SqliteConnection,
    operation: &mut Operation,
    verdict: Verdict,
    at: Moment,
) -> Result<(), LedgerError> {
    operations::set_verdict(write, operation.id, verdict, at).await?;
    operation.status = verdict.status.to_owned();
    operation.code = verdict.code.to_owned();
    operation.message = verdict.message.to_owned();
    operation.decides_at = None;
    operation.changed_at = at;
    Ok(())
}

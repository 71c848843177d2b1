//! What becomes of a refund or payout, shortly after it was accepted.
//!
//! For testers: a refund whose `payment.description`, or a payout whose `account.customer_name`, holds the word
//! "decline" (in any case) is declined with 20000. The fault `operations_pending` leaves all undecided as long as it is set.

use std::time::Duration;

use sqlx::SqliteConnection;
use storefront::domain::text::folded;

use crate::{
    act::{ActError, rule, tell},
    callbacks,
    ledger::{LedgerError, operations, payments, settings},
    operation::{self, Operation, OperationType},
    payment::Payment,
    sandbox::Sandbox,
    verdict::{self, Verdict},
};

/// Long enough to be seen pending, short enough to wait for.
pub const DECIDED_AFTER: Duration = Duration::from_millis(200);

/// Decides an operation that waits for it; a decided one stays as it is.
pub async fn decide(sandbox: &Sandbox, payment: i64, operation: i64) -> Result<(), ActError> {
    let mut write = sandbox.ledger.write().await?;
    let mut all = operations::of_payment(&mut write, payment).await?;
    let found = all.iter().position(|known| known.id == operation && known.decides_at.is_some());
    if let Some(place) = found
        && let Some(mut payment) = payments::by_id(&mut write, payment).await?
    {
        let verdict = verdict(&mut write, &payment, &all[..place], &all[place]).await?;
        let now = sandbox.clock.now();
        rule(&mut write, &mut all[place], verdict, now).await?;
        let status = status(&payment, &all, &all[place]);
        tell(&mut write, sandbox, &mut payment, &all[place], &status, now).await?;
        let delay = settings::faults(&mut write).await?.delay();
        callbacks::release(&mut write, payment.id, now.plus(delay)).await?;
    }
    write.commit().await.map_err(LedgerError::from)?;
    Ok(())
}

async fn verdict(
    read: &mut SqliteConnection,
    payment: &Payment,
    earlier: &[Operation],
    operation: &Operation,
) -> Result<Verdict, LedgerError> {
    let asks_for_decline = |text: Option<&str>| text.is_some_and(|text| folded(text).contains("decline"));
    Ok(match operation.operation_type {
        OperationType::Payout => {
            let customer_id = payment.field("customer_id").unwrap_or_default();
            match payments::customer_has_paid(read, payment.method, customer_id).await? {
                false => verdict::NO_EARLIER_PURCHASE,
                true if asks_for_decline(payment.field("customer_account_name")) => verdict::GENERAL_DECLINE,
                true => verdict::SUCCESS,
            }
        }
        OperationType::Refund | OperationType::Sale => {
            let claimed: u64 = earlier.iter().filter(|known| known.is_refund_not_declined()).map(|known| known.amount).sum();
            match claimed.saturating_add(operation.amount) > payment.amount {
                true => verdict::REFUND_ABOVE_PAID,
                false if asks_for_decline(operation.description.as_deref()) => verdict::GENERAL_DECLINE,
                false => verdict::SUCCESS,
            }
        }
    })
}

/// The payment's status after it: a declined refund changes nothing.
fn status(payment: &Payment, all: &[Operation], decided: &Operation) -> String {
    match decided.operation_type {
        OperationType::Payout => decided.status.clone(),
        _ if !decided.is_refunded() => payment.status.to_string(),
        _ if operation::refunded(all) >= payment.amount => verdict::REFUNDED.to_owned(),
        _ => verdict::PARTIALLY_REFUNDED.to_owned(),
    }
}

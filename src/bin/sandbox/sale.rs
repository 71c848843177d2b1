//! The life of a sale: registered when the customer confirms, decided on the provider's page, or turned by time.
//! With the fault `try_again` a declined payment waits for another try; each try is an operation of its own.
//! Each act is one transaction that moves the payment and queues its callbacks; repeating an act changes nothing.

use std::time::Duration;

use iso_currency::Currency;
use sqlx::SqliteConnection;
use storefront::platform::{Method, PaymentStatus};

use crate::{
    callback_body::Unwritable,
    callbacks, chance,
    clock::Moment,
    ledger::{
        LedgerError,
        payments::{self, Turn},
        settings,
    },
    payment::{Operation, Payment},
    sandbox::Sandbox,
    verdict::{self, AWAITING_CUSTOMER, DECLINE, Decision, Verdict},
};

/// A sale the customer confirmed on the Payment Page.
#[derive(Debug, Clone)]
pub struct NewSale {
    pub payment_id: String,
    pub method: Method,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    /// The signed parameters, completed by what the customer was asked for.
    pub fields: Vec<(String, String)>,
}

/// Why an act was not done; nothing of it was written then.
#[derive(Debug, thiserror::Error)]
pub enum SaleError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// How long after a decline its late success comes, when that fault is set.
const LATE_SUCCESS_AFTER: Duration = Duration::from_secs(5);
/// How often a payment may be tried, and for how long after its first decline: the platform's usual agreement.
const MOST_TRIES: usize = 5;
const TRIES_WITHIN: Duration = Duration::from_secs(10 * 60);

/// Registers a sale. If its `payment_id` exists already, the existing payment is given back untouched.
pub async fn register(sandbox: &Sandbox, sale: NewSale) -> Result<Payment, SaleError> {
    let mut write = sandbox.ledger.write().await?;
    if let Some(existing) = payments::by_payment_id(&mut write, &sale.payment_id).await? {
        return Ok(existing);
    }
    let now = sandbox.clock.now();
    let mut payment = new_payment(&sale, sandbox.settings.project_id, now);
    payment.id = payments::insert(&mut write, &payment).await?;
    start_try(&mut write, sandbox, &mut payment, now).await?;
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(payment)
}

/// Another try of a declined payment, as long as the platform offers one.
pub async fn try_again(sandbox: &Sandbox, payment: i64) -> Result<(), SaleError> {
    let mut write = sandbox.ledger.write().await?;
    let now = sandbox.clock.now();
    let offered = |payment: &Payment| payment.awaits_another_try() && payment.tries_until.is_some_and(|until| now < until);
    if let Some(mut payment) = payments::by_id(&mut write, payment).await?.filter(offered) {
        start_try(&mut write, sandbox, &mut payment, now).await?;
    }
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(())
}

async fn start_try(write: &mut SqliteConnection, sandbox: &Sandbox, payment: &mut Payment, now: Moment) -> Result<(), SaleError> {
    let mut operation = new_operation(payment, now);
    operation.id = payments::insert_operation(write, payment.id, &operation).await?;
    tell(write, sandbox, payment, &operation, verdict::PROCESSING.status, now).await?;
    rule(write, &mut operation, verdict::AWAITING_REDIRECT, now).await?;
    tell(write, sandbox, payment, &operation, verdict::AWAITING_REDIRECT.status, now).await?;
    let limit = Duration::from_secs(u64::try_from(payment.method.rules().limit_time_s).unwrap_or(0));
    Ok(payments::set_turn(write, payment.id, Some(Turn { at: now.plus(limit), to_success: false })).await?)
}

/// Decides an open payment; a decided one stays as it is.
pub async fn decide(sandbox: &Sandbox, payment: i64, decision: Decision) -> Result<(), SaleError> {
    let mut write = sandbox.ledger.write().await?;
    if let Some(mut payment) = payments::by_id(&mut write, payment).await?.filter(Payment::is_open) {
        let verdict = decision.verdict(payment.method, payment.amount);
        finish(&mut write, sandbox, &mut payment, verdict, sandbox.clock.now()).await?;
    }
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(())
}

/// What time does by itself: an unfinished payment is declined at its limit time, one that nobody tried again stays
/// declined, a late success arrives.
pub async fn turn(sandbox: &Sandbox, payment: i64, turn: Turn) -> Result<(), SaleError> {
    let mut write = sandbox.ledger.write().await?;
    if let Some(mut payment) = payments::by_id(&mut write, payment).await? {
        payments::set_turn(&mut write, payment.id, None).await?;
        match turn.to_success {
            true => finish(&mut write, sandbox, &mut payment, verdict::SUCCESS, turn.at).await?,
            false if payment.is_open() => finish(&mut write, sandbox, &mut payment, verdict::TIMED_OUT, turn.at).await?,
            false if payment.awaits_another_try() => {
                let operation = newest_try(&mut write, &payment).await?;
                settle(&mut write, sandbox, &mut payment, &operation, turn.at).await?;
            }
            false => {}
        }
    }
    write.commit().await.map_err(LedgerError::from)?;
    Ok(())
}

async fn finish(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    verdict: Verdict,
    at: Moment,
) -> Result<(), SaleError> {
    let mut operation = newest_try(write, payment).await?;
    rule(write, &mut operation, verdict, at).await?;
    if operation.status == DECLINE
        && let Some(until) = another_try_until(write, payment, at).await?
    {
        payments::set_tries_until(write, payment.id, until).await?;
        payment.tries_until = Some(until);
        tell(write, sandbox, payment, &operation, AWAITING_CUSTOMER, at).await?;
        return Ok(payments::set_turn(write, payment.id, Some(Turn { at: until, to_success: false })).await?);
    }
    settle(write, sandbox, payment, &operation, at).await
}

/// `None`: this decline is the last one.
async fn another_try_until(write: &mut SqliteConnection, payment: &Payment, at: Moment) -> Result<Option<Moment>, LedgerError> {
    let offered = settings::faults(write).await?.try_again || payment.tries_until.is_some();
    let until = payment.tries_until.unwrap_or(at.plus(TRIES_WITHIN));
    let tries = payments::operations(write, payment.id).await?.len();
    Ok(Some(until).filter(|until| offered && tries < MOST_TRIES && at < *until))
}

/// The payment ends as its newest try did.
async fn settle(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &Operation,
    at: Moment,
) -> Result<(), SaleError> {
    tell(write, sandbox, payment, operation, &operation.status, at).await?;
    let faults = settings::faults(write).await?;
    callbacks::release(write, payment.id, at.plus(faults.delay())).await?;
    let late_success = faults.late_success && !payment.succeeded();
    let turn = late_success.then(|| Turn { at: at.plus(LATE_SUCCESS_AFTER), to_success: true });
    Ok(payments::set_turn(write, payment.id, turn).await?)
}

async fn newest_try(read: &mut SqliteConnection, payment: &Payment) -> Result<Operation, LedgerError> {
    payments::operations(read, payment.id).await?.pop().ok_or(LedgerError::Senseless("payment without a sale"))
}

/// Moves the payment to a status and queues the callback that tells it.
async fn tell(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &Operation,
    status: &str,
    at: Moment,
) -> Result<(), SaleError> {
    payments::set_status(write, payment.id, status, at).await?;
    payment.status = PaymentStatus::new(status);
    payment.changed_at = at;
    callbacks::queue(write, sandbox, payment, operation, at).await
}

async fn rule(write: &mut SqliteConnection, operation: &mut Operation, verdict: Verdict, at: Moment) -> Result<(), LedgerError> {
    payments::set_verdict(write, operation.id, verdict, at).await?;
    operation.status = verdict.status.to_owned();
    operation.code = verdict.code.to_owned();
    operation.message = verdict.message.to_owned();
    operation.changed_at = at;
    Ok(())
}

fn new_payment(sale: &NewSale, project_id: u64, now: Moment) -> Payment {
    Payment {
        id: 0, // given by the ledger
        key: chance::address_key(),
        project_id,
        payment_id: sale.payment_id.clone(),
        method: sale.method,
        amount: sale.amount,
        currency: sale.currency,
        status: PaymentStatus::new(verdict::PROCESSING.status),
        fields: sale.fields.clone(),
        changed_at: now,
        tries_until: None,
    }
}

fn new_operation(payment: &Payment, now: Moment) -> Operation {
    Operation {
        id: 0, // given by the ledger
        operation_type: "sale".to_owned(),
        status: verdict::PROCESSING.status.to_owned(),
        amount: payment.amount,
        currency: payment.currency,
        code: verdict::PROCESSING.code.to_owned(),
        message: verdict::PROCESSING.message.to_owned(),
        request_id: chance::request_id(),
        provider_payment_id: chance::provider_payment_id(),
        created_at: now,
        changed_at: now,
    }
}

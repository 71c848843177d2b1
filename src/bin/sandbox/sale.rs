//! The life of a sale: registered when the customer confirms or through Gate, decided on the provider's page, or turned by time.
//! With the fault `try_again` a declined payment waits for another try; each try is an operation of its own.
//! Each act is one transaction that moves the payment and queues its callbacks; repeating an act changes nothing.

use std::time::Duration;

use sqlx::SqliteConnection;

use crate::{
    act::{ActError, rule, tell},
    callbacks,
    clock::Moment,
    ledger::{
        LedgerError, operations,
        payments::{self, Turn},
        settings,
    },
    operation::{Operation, OperationType},
    payment::{NewPayment, Payment},
    sandbox::Sandbox,
    verdict::{self, AWAITING_CUSTOMER, DECLINE, Decision, Verdict},
};

/// What came of registering a sale.
#[derive(Debug)]
pub struct Registered {
    pub payment: Payment,
    /// The sale that begins. `None`: the `payment_id` was there already, and its payment is untouched.
    pub sale: Option<Operation>,
}

/// How long after a decline its late success comes, when that fault is set.
const LATE_SUCCESS_AFTER: Duration = Duration::from_secs(5);
/// How often a payment may be tried, and for how long after its first decline: the platform's usual agreement.
const MOST_TRIES: usize = 5;
const TRIES_WITHIN: Duration = Duration::from_secs(10 * 60);

/// How long the platform waits for what it asked the shop for.
const CLARIFIED_WITHIN: Duration = Duration::from_secs(30 * 60);

/// Registers a sale, unless its `payment_id` exists already.
pub async fn register(sandbox: &Sandbox, new: NewPayment) -> Result<Registered, ActError> {
    let mut write = sandbox.ledger.write().await?;
    if let Some(existing) = payments::by_payment_id(&mut write, &new.payment_id).await? {
        return Ok(Registered { payment: existing, sale: None });
    }
    let now = sandbox.clock.now();
    let mut payment = Payment::begin(new, sandbox.settings.project_id, now);
    payment.id = payments::insert(&mut write, &payment).await?;
    let sale = start_try(&mut write, sandbox, &mut payment, now).await?;
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(Registered { payment, sale: Some(sale) })
}

/// Another try of a declined payment, as long as the platform offers one.
pub async fn try_again(sandbox: &Sandbox, payment: i64) -> Result<(), ActError> {
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

async fn start_try(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    now: Moment,
) -> Result<Operation, ActError> {
    let mut operation = Operation::begin(OperationType::Sale, payment.amount, payment.currency, now);
    operation.id = operations::insert(write, payment.id, &operation).await?;
    tell(write, sandbox, payment, &operation, verdict::PROCESSING.status, now).await?;
    go_on(write, sandbox, payment, &mut operation, now).await?;
    Ok(operation)
}

/// The shop is asked for what is missing, else the customer is expected at the provider's.
pub async fn go_on(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &mut Operation,
    now: Moment,
) -> Result<(), ActError> {
    let limit = Duration::from_secs(u64::try_from(payment.method.rules().limit_time_s).unwrap_or(0));
    let (next, within) = match payment.needs_clarification() {
        true => (verdict::AWAITING_CLARIFICATION, CLARIFIED_WITHIN),
        false => (verdict::AWAITING_REDIRECT, limit),
    };
    rule(write, operation, next, now).await?;
    tell(write, sandbox, payment, operation, next.status, now).await?;
    Ok(payments::set_turn(write, payment.id, Some(Turn { at: now.plus(within), to_success: false })).await?)
}

/// Decides an open payment; a decided one stays as it is.
pub async fn decide(sandbox: &Sandbox, payment: i64, decision: Decision) -> Result<(), ActError> {
    let mut write = sandbox.ledger.write().await?;
    if let Some(mut payment) = payments::by_id(&mut write, payment).await?.filter(Payment::is_with_provider) {
        let verdict = decision.verdict(payment.method, payment.amount);
        finish(&mut write, sandbox, &mut payment, verdict, sandbox.clock.now()).await?;
    }
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(())
}

/// What time does by itself: an unfinished payment is declined at its limit time, one that nobody tried again stays
/// declined, a late success arrives.
pub async fn turn(sandbox: &Sandbox, payment: i64, turn: Turn) -> Result<(), ActError> {
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
) -> Result<(), ActError> {
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
    let on_payment_page = payment.gate_origin.is_none();
    let offered = on_payment_page && settings::faults(write).await?.try_again || payment.tries_until.is_some();
    let until = payment.tries_until.unwrap_or(at.plus(TRIES_WITHIN));
    let tries = operations::of_payment(write, payment.id).await?.len();
    Ok(Some(until).filter(|until| offered && tries < MOST_TRIES && at < *until))
}

/// The payment ends as its newest try did.
async fn settle(
    write: &mut SqliteConnection,
    sandbox: &Sandbox,
    payment: &mut Payment,
    operation: &Operation,
    at: Moment,
) -> Result<(), ActError> {
    tell(write, sandbox, payment, operation, &operation.status, at).await?;
    let faults = settings::faults(write).await?;
    callbacks::release(write, payment.id, at.plus(faults.delay())).await?;
    let late_success = faults.late_success && !payment.succeeded();
    let turn = late_success.then(|| Turn { at: at.plus(LATE_SUCCESS_AFTER), to_success: true });
    Ok(payments::set_turn(write, payment.id, turn).await?)
}

/// Refunds may have followed it.
pub async fn newest_try(read: &mut SqliteConnection, payment: &Payment) -> Result<Operation, LedgerError> {
    let newest =
        operations::of_payment(read, payment.id).await?.into_iter().rfind(|known| known.operation_type == OperationType::Sale);
    newest.ok_or(LedgerError::Senseless("payment without a sale"))
}

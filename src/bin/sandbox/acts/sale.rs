//! The life of a sale: registered when the customer confirms or through Gate, decided on the provider's page, or turned by time.
//! With the fault `try_again` a declined payment waits for another try; each try is an operation of its own.
//! Each act is one transaction that moves the payment and queues its callbacks; repeating an act changes nothing.

use std::time::Duration;

use crate::{
    acts::step::{rule, tell},
    callbacks::queue,
    ledger::{
        Transaction, control,
        error::LedgerError,
        operations,
        payments::{self, Turn},
    },
    payments::{
        operation::{Operation, OperationType},
        payment::{NewPayment, Payment},
        verdict::{self, AWAITING_CUSTOMER, DECLINE, Decision, Verdict},
    },
    running::{
        clock::Moment,
        limits::{CLARIFIED_WITHIN, LATE_SUCCESS_AFTER, MOST_TRIES, TRIES_WITHIN},
    },
    sandbox::{ActError, Sandbox},
};

/// What came of registering a sale.
#[derive(Debug)]
pub struct RegisteredSale {
    pub payment: Payment,
    /// The sale that begins. `None`: the `payment_id` was there already, and its payment is untouched.
    pub sale: Option<Operation>,
}

/// Registers a sale, unless its `payment_id` exists already.
pub fn register(tx: &Transaction, sandbox: &Sandbox, new: NewPayment) -> Result<RegisteredSale, ActError> {
    if let Some(existing) = payments::by_payment_id(tx, &new.payment_id)? {
        return Ok(RegisteredSale { payment: existing, sale: None });
    }
    let now = sandbox.clock.now();
    let mut payment = Payment::begin(new, sandbox.settings.project_id, now);
    payment.id = payments::insert(tx, &payment)?;
    let sale = start_try(tx, sandbox, &mut payment, now)?;
    Ok(RegisteredSale { payment, sale: Some(sale) })
}

/// Another try of a declined payment, as long as the platform offers one.
pub fn try_again(tx: &Transaction, sandbox: &Sandbox, payment: i64) -> Result<(), ActError> {
    let now = sandbox.clock.now();
    let offered = |payment: &Payment| payment.awaits_another_try() && payment.tries_until.is_some_and(|until| now < until);
    if let Some(mut payment) = payments::by_id(tx, payment)?.filter(offered) {
        start_try(tx, sandbox, &mut payment, now)?;
    }
    Ok(())
}

fn start_try(tx: &Transaction, sandbox: &Sandbox, payment: &mut Payment, now: Moment) -> Result<Operation, ActError> {
    let mut operation = Operation::begin(OperationType::Sale, payment.amount, payment.currency, now);
    operation.id = operations::insert(tx, payment.id, &operation)?;
    tell(tx, sandbox, payment, &operation, verdict::PROCESSING.status, now)?;
    go_on(tx, sandbox, payment, &mut operation, now)?;
    Ok(operation)
}

/// The shop is asked for what is missing, else the customer is expected at the provider's.
pub fn go_on(
    tx: &Transaction,
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
    rule(tx, operation, next, now)?;
    tell(tx, sandbox, payment, operation, next.status, now)?;
    Ok(payments::set_turn(tx, payment.id, Some(Turn { at: now.plus(within), to_success: false }))?)
}

/// Decides an open payment; a decided one stays as it is. Returns the payment as it is then.
pub fn decide(tx: &Transaction, sandbox: &Sandbox, payment: i64, decision: Decision) -> Result<Option<Payment>, ActError> {
    let mut found = payments::by_id(tx, payment)?;
    if let Some(payment) = found.as_mut().filter(|payment| payment.is_with_provider()) {
        let verdict = decision.verdict(payment.method, payment.amount);
        finish(tx, sandbox, payment, verdict, sandbox.clock.now())?;
    }
    Ok(found)
}

/// What time does by itself: an unfinished payment is declined at its limit time, one that nobody tried again stays
/// declined, a late success arrives.
pub fn turn(tx: &Transaction, sandbox: &Sandbox, payment: i64, turn: Turn) -> Result<(), ActError> {
    if let Some(mut payment) = payments::by_id(tx, payment)? {
        payments::set_turn(tx, payment.id, None)?;
        match turn.to_success {
            true => finish(tx, sandbox, &mut payment, verdict::SUCCESS, turn.at)?,
            false if payment.is_open() => finish(tx, sandbox, &mut payment, verdict::TIMED_OUT, turn.at)?,
            false if payment.awaits_another_try() => {
                let operation = newest_try(tx, payment.id)?;
                settle(tx, sandbox, &mut payment, &operation, turn.at)?;
            }
            false => {}
        }
    }
    Ok(())
}

fn finish(tx: &Transaction, sandbox: &Sandbox, payment: &mut Payment, verdict: Verdict, at: Moment) -> Result<(), ActError> {
    let mut operation = newest_try(tx, payment.id)?;
    rule(tx, &mut operation, verdict, at)?;
    if operation.status == DECLINE
        && let Some(until) = another_try_until(tx, payment, at)?
    {
        payments::set_tries_until(tx, payment.id, until)?;
        payment.tries_until = Some(until);
        tell(tx, sandbox, payment, &operation, AWAITING_CUSTOMER, at)?;
        return Ok(payments::set_turn(tx, payment.id, Some(Turn { at: until, to_success: false }))?);
    }
    settle(tx, sandbox, payment, &operation, at)
}

/// `None`: this decline is the last one.
fn another_try_until(tx: &Transaction, payment: &Payment, at: Moment) -> Result<Option<Moment>, LedgerError> {
    let on_payment_page = payment.gate_origin.is_none();
    let offered = on_payment_page && control::faults(tx)?.try_again || payment.tries_until.is_some();
    let until = payment.tries_until.unwrap_or(at.plus(TRIES_WITHIN));
    let tries = operations::of_payment(tx, payment.id)?.len();
    Ok(Some(until).filter(|until| offered && tries < MOST_TRIES && at < *until))
}

/// The payment ends as its newest try did.
fn settle(tx: &Transaction, sandbox: &Sandbox, payment: &mut Payment, operation: &Operation, at: Moment) -> Result<(), ActError> {
    tell(tx, sandbox, payment, operation, &operation.status, at)?;
    let faults = control::faults(tx)?;
    queue::release(tx, payment.id, at.plus(faults.delay()))?;
    let late_success = faults.late_success && !payment.succeeded();
    let turn = late_success.then(|| Turn { at: at.plus(LATE_SUCCESS_AFTER), to_success: true });
    Ok(payments::set_turn(tx, payment.id, turn)?)
}

/// The newest sale of a payment; refunds may have followed it.
pub fn newest_try(tx: &Transaction, payment: i64) -> Result<Operation, LedgerError> {
    let newest = operations::of_payment(tx, payment)?.into_iter().rfind(|known| known.operation_type == OperationType::Sale);
    newest.ok_or(LedgerError::Invalid("a payment without a sale"))
}

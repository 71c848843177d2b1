//! Delivers callbacks. Only HTTP 200 confirms one; anything else is tried again by the rule in `schedule`.
//!
//! A payment's callbacks leave one at a time, in order of their due times; payments do not wait for each other.
//! What waits is in the ledger: a restart loses nothing, at worst the try under way is made again.

use crate::{
    callbacks::schedule,
    ledger::{
        Transaction,
        callbacks::{self, Callback, CallbackAttempt, CallbackState},
        error::LedgerError,
    },
    running::clock::Moment,
    sandbox::Sandbox,
};

/// Tries the most urgent callback of a payment, if it is due: the list may have changed since it was read.
pub async fn deliver_next(sandbox: &Sandbox, payment: i64) -> Result<(), LedgerError> {
    let _shared = sandbox.sender.clock_lock.read().await;
    let now = sandbox.clock.now();
    let urgent = sandbox.ledger.look(move |tx| callbacks::most_urgent_of(tx, payment)).await?;
    match urgent.filter(|due| due.due_at <= now) {
        Some(due) => deliver(sandbox, due, now).await,
        None => Ok(()),
    }
}

/// Makes one scheduled try and plans the next.
pub async fn deliver(sandbox: &Sandbox, due: Callback, at: Moment) -> Result<(), LedgerError> {
    let http_status = sandbox.sender.post(&due.url, &due.body).await;
    let (state, due_at) = sequel(&due, at, http_status);
    tracing::info!(callback = due.id, http_status, ?state, "callback sent");
    let record = move |tx: &Transaction| {
        callbacks::insert_attempt(tx, due.id, CallbackAttempt { at, http_status })?;
        callbacks::set_sequel(tx, due.id, at, state, due_at)
    };
    sandbox.ledger.decide(record).await
}

/// The state after a try, and when it was reached or the next try is due.
fn sequel(due: &Callback, at: Moment, http_status: Option<u16>) -> (CallbackState, Moment) {
    if http_status == Some(200) {
        return (CallbackState::Confirmed, at);
    }
    let since_first = at.since(due.first_tried_at.unwrap_or(at));
    match schedule::pause_after(due.tries + 1, since_first) {
        Some(pause) => (CallbackState::Waiting, at.plus(pause)),
        None => (CallbackState::Abandoned, at),
    }
}

/// Sends every callback of a payment once more, oldest first, whatever its state: also what was dropped or held, since
/// somebody asks for it. Tries of this kind do not count in the schedule.
pub async fn send_again(sandbox: &Sandbox, payment: i64) -> Result<(), LedgerError> {
    let _shared = sandbox.sender.clock_lock.read().await;
    for callback in sandbox.ledger.look(move |tx| callbacks::of_payment(tx, payment)).await? {
        let at = sandbox.clock.now();
        let http_status = sandbox.sender.post(&callback.url, &callback.body).await;
        let record = move |tx: &Transaction| {
            callbacks::insert_attempt(tx, callback.id, CallbackAttempt { at, http_status })?;
            if http_status == Some(200) { callbacks::set_confirmed(tx, callback.id) } else { Ok(()) }
        };
        sandbox.ledger.decide(record).await?;
    }
    Ok(())
}

//! Callbacks and their attempts: what waits, when it is due, what came of it.

use rusqlite::{Row, Transaction, named_params};

use crate::{
    ledger::{error::LedgerError, rows},
    running::clock::Moment,
};

/// A callback of a payment.
#[derive(Debug, Clone)]
pub struct Callback {
    pub id: i64,
    /// The ledger's number of the payment.
    pub payment: i64,
    pub url: String,
    /// As sent.
    pub body: String,
    pub state: CallbackState,
    /// The next try while it waits; else when its state was reached.
    pub due_at: Moment,
    /// Scheduled tries so far.
    pub tries: u32,
    pub first_tried_at: Option<Moment>,
}

named! {
    pub enum CallbackState {
        Waiting = "waiting",
        /// Until its payment is final.
        Held = "held",
        /// Never sent.
        Dropped = "dropped",
        Confirmed = "confirmed",
        Abandoned = "abandoned",
    }
}

/// One try to deliver.
#[derive(Debug, Clone, Copy)]
pub struct CallbackAttempt {
    pub at: Moment,
    /// `None`: no answer came.
    pub http_status: Option<u16>,
}

pub type CallbackWithAttempts = (Callback, Vec<CallbackAttempt>);

/// `due_at` is its first try, or would be.
pub fn insert(
    tx: &Transaction,
    payment: i64,
    url: &str,
    body: &str,
    state: CallbackState,
    due_at: Moment,
) -> Result<(), LedgerError> {
    let sql = "INSERT INTO callback (payment, url, body, state, due_at) VALUES (?, ?, ?, ?, ?)";
    rows::write(tx, sql, (payment, url, body, state.name(), due_at))
}

/// Those held back of one payment.
pub fn held(tx: &Transaction, payment: i64) -> Result<Vec<i64>, LedgerError> {
    rows::all(tx, "SELECT id FROM callback WHERE payment = ? AND state = 'held'", [payment], |row| Ok(row.get(0)?))
}

/// Lets a held callback wait for its first try.
pub fn release(tx: &Transaction, callback: i64, due_at: Moment) -> Result<(), LedgerError> {
    rows::write(tx, "UPDATE callback SET state = 'waiting', due_at = ? WHERE id = ?", (due_at, callback))
}

/// The most urgent waiting callback of each payment, most urgent first, at most `most`.
pub fn most_urgent(tx: &Transaction, most: u32) -> Result<Vec<Callback>, LedgerError> {
    let sql = "SELECT * FROM (
            SELECT *, row_number() OVER (PARTITION BY payment ORDER BY due_at, id) AS place FROM callback WHERE state = 'waiting'
         ) WHERE place = 1 ORDER BY due_at, id LIMIT ?";
    rows::all(tx, sql, [most], read)
}

/// The most urgent waiting callback of one payment.
pub fn most_urgent_of(tx: &Transaction, payment: i64) -> Result<Option<Callback>, LedgerError> {
    let sql = "SELECT * FROM callback WHERE payment = ? AND state = 'waiting' ORDER BY due_at, id LIMIT 1";
    rows::one(tx, sql, [payment], read)
}

/// Every callback of a payment in the order they were made, whatever their state.
pub fn of_payment(tx: &Transaction, payment: i64) -> Result<Vec<Callback>, LedgerError> {
    rows::all(tx, "SELECT * FROM callback WHERE payment = ? ORDER BY id", [payment], read)
}

/// The same, each with its attempts.
pub fn with_attempts(tx: &Transaction, payment: i64) -> Result<Vec<CallbackWithAttempts>, LedgerError> {
    let attempts = |callback: Callback| attempts(tx, callback.id).map(|attempts| (callback, attempts));
    of_payment(tx, payment)?.into_iter().map(attempts).collect()
}

fn read(row: &Row) -> Result<Callback, LedgerError> {
    Ok(Callback {
        id: row.get("id")?,
        payment: row.get("payment")?,
        url: row.get("url")?,
        body: row.get("body")?,
        state: rows::known(row, "state", CallbackState::from_name)?,
        due_at: row.get("due_at")?,
        tries: row.get("tries")?,
        first_tried_at: row.get("first_tried_at")?,
    })
}

fn attempts(tx: &Transaction, callback: i64) -> Result<Vec<CallbackAttempt>, LedgerError> {
    rows::all(tx, "SELECT at, http_status FROM attempt WHERE callback = ? ORDER BY id", [callback], |row| {
        Ok(CallbackAttempt { at: row.get(0)?, http_status: row.get(1)? })
    })
}

/// Attempts are only ever added.
pub fn insert_attempt(tx: &Transaction, callback: i64, attempt: CallbackAttempt) -> Result<(), LedgerError> {
    let sql = "INSERT INTO attempt (callback, at, http_status) VALUES (?, ?, ?)";
    rows::write(tx, sql, (callback, attempt.at, attempt.http_status))
}

/// Records that a scheduled try was made and what follows. A callback confirmed in the meantime stays so.
pub fn set_sequel(
    tx: &Transaction,
    callback: i64,
    tried_at: Moment,
    state: CallbackState,
    due_at: Moment,
) -> Result<(), LedgerError> {
    let sql = "UPDATE callback SET tries = tries + 1, first_tried_at = coalesce(first_tried_at, :tried_at), state = :state,
                                   due_at = :due_at
               WHERE id = :callback AND state = 'waiting'";
    rows::write(tx, sql, named_params! { ":tried_at": tried_at, ":state": state.name(), ":due_at": due_at, ":callback": callback })
}

/// Confirmed outside the schedule: no further try is needed.
pub fn set_confirmed(tx: &Transaction, callback: i64) -> Result<(), LedgerError> {
    rows::write(tx, "UPDATE callback SET state = 'confirmed' WHERE id = ?", [callback])
}

//! Callbacks and their attempts: what waits, when it is due, what came of it.

use sqlx::{FromRow, SqliteConnection};

use super::LedgerError;
use crate::clock::Moment;

/// A callback with everything that was tried.
#[derive(Debug, Clone)]
pub struct Callback {
    pub url: String,
    /// As sent.
    pub body: String,
    /// `waiting`, `held`, `dropped`, `confirmed` or `abandoned`.
    pub state: String,
    pub due_at: Moment,
    pub attempts: Vec<Attempt>,
}

/// One try to deliver.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Attempt {
    pub at: Moment,
    /// `None`: no answer came.
    pub http_status: Option<u16>,
}

/// A callback that is to be sent.
#[derive(Debug, Clone, FromRow)]
pub struct Due {
    pub id: i64,
    pub payment: i64,
    pub url: String,
    pub body: String,
    pub due_at: Moment,
    /// Scheduled tries so far.
    pub tries: u32,
    pub first_tried_at: Option<Moment>,
}

/// A callback's state when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    Waiting,
    /// Until its payment is final.
    Held,
    /// Never sent.
    Dropped,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequel {
    Confirmed,
    /// Tried again at this moment.
    TryAt(Moment),
    Abandoned,
}

/// `due_at` is its first try, or would be.
pub async fn insert(
    write: &mut SqliteConnection,
    payment: i64,
    url: &str,
    body: &str,
    start: Start,
    due_at: Moment,
) -> Result<(), LedgerError> {
    let state = match start {
        Start::Waiting => "waiting",
        Start::Held => "held",
        Start::Dropped => "dropped",
    };
    sqlx::query("INSERT INTO callback (payment, url, body, state, due_at) VALUES (?, ?, ?, ?, ?)")
        .bind(payment)
        .bind(url)
        .bind(body)
        .bind(state)
        .bind(due_at)
        .execute(write)
        .await?;
    Ok(())
}

/// Those held back of one payment.
pub async fn held(read: &mut SqliteConnection, payment: i64) -> Result<Vec<i64>, LedgerError> {
    Ok(sqlx::query_scalar("SELECT id FROM callback WHERE payment = ? AND state = 'held'").bind(payment).fetch_all(read).await?)
}

/// Lets a held callback wait for its first try.
pub async fn release(write: &mut SqliteConnection, callback: i64, due_at: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE callback SET state = 'waiting', due_at = ? WHERE id = ?")
        .bind(due_at)
        .bind(callback)
        .execute(write)
        .await?;
    Ok(())
}

/// The most urgent waiting callback of each payment, most urgent first, at most `most`.
pub async fn most_urgent(read: &mut SqliteConnection, most: u32) -> Result<Vec<Due>, LedgerError> {
    let due = sqlx::query_as(
        "SELECT id, payment, url, body, due_at, tries, first_tried_at FROM (
            SELECT *, row_number() OVER (PARTITION BY payment ORDER BY due_at, id) AS place FROM callback WHERE state = 'waiting'
         ) WHERE place = 1 ORDER BY due_at, id LIMIT ?",
    )
    .bind(most)
    .fetch_all(read)
    .await?;
    Ok(due)
}

/// The most urgent waiting callback of one payment.
pub async fn most_urgent_of(read: &mut SqliteConnection, payment: i64) -> Result<Option<Due>, LedgerError> {
    let due = sqlx::query_as(
        "SELECT id, payment, url, body, due_at, tries, first_tried_at FROM callback
         WHERE payment = ? AND state = 'waiting' ORDER BY due_at, id LIMIT 1",
    )
    .bind(payment)
    .fetch_optional(read)
    .await?;
    Ok(due)
}

/// Every callback of a payment, oldest first, whatever its state.
pub async fn every(read: &mut SqliteConnection, payment: i64) -> Result<Vec<Due>, LedgerError> {
    let every =
        sqlx::query_as("SELECT id, payment, url, body, due_at, tries, first_tried_at FROM callback WHERE payment = ? ORDER BY id")
            .bind(payment)
            .fetch_all(read)
            .await?;
    Ok(every)
}

/// Attempts are only ever added.
pub async fn insert_attempt(write: &mut SqliteConnection, callback: i64, attempt: Attempt) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO attempt (callback, at, http_status) VALUES (?, ?, ?)")
        .bind(callback)
        .bind(attempt.at)
        .bind(attempt.http_status)
        .execute(write)
        .await?;
    Ok(())
}

/// Records that a scheduled try was made and what follows. A callback confirmed in the meantime stays so.
pub async fn set_sequel(write: &mut SqliteConnection, callback: i64, tried_at: Moment, sequel: Sequel) -> Result<(), LedgerError> {
    let (state, due_at) = match sequel {
        Sequel::Confirmed => ("confirmed", tried_at),
        Sequel::TryAt(due_at) => ("waiting", due_at),
        Sequel::Abandoned => ("abandoned", tried_at),
    };
    sqlx::query(
        "UPDATE callback SET tries = tries + 1, first_tried_at = coalesce(first_tried_at, ?1), state = ?2, due_at = ?3
         WHERE id = ?4 AND state = 'waiting'",
    )
    .bind(tried_at)
    .bind(state)
    .bind(due_at)
    .bind(callback)
    .execute(write)
    .await?;
    Ok(())
}

/// Confirmed outside the schedule: no further try is needed.
pub async fn set_confirmed(write: &mut SqliteConnection, callback: i64) -> Result<(), LedgerError> {
    sqlx::query("UPDATE callback SET state = 'confirmed' WHERE id = ?").bind(callback).execute(write).await?;
    Ok(())
}

/// Callbacks of a payment with their attempts, in the order they were made.
pub async fn of_payment(read: &mut SqliteConnection, payment: i64) -> Result<Vec<Callback>, LedgerError> {
    let rows: Vec<(i64, String, String, String, Moment)> =
        sqlx::query_as("SELECT id, url, body, state, due_at FROM callback WHERE payment = ? ORDER BY id")
            .bind(payment)
            .fetch_all(&mut *read)
            .await?;
    let mut callbacks = Vec::new();
    for (id, url, body, state, due_at) in rows {
        let attempts = sqlx::query_as("SELECT at, http_status FROM attempt WHERE callback = ? ORDER BY id")
            .bind(id)
            .fetch_all(&mut *read)
            .await?;
        callbacks.push(Callback { url, body, state, due_at, attempts });
    }
    Ok(callbacks)
}

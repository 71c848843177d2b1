//! Payments and their operations: rows in, plain data out. Rows are private.

use iso_currency::Currency;
use sqlx::{FromRow, SqliteConnection};
use storefront::platform::{Method, PaymentStatus};

use super::LedgerError;
use crate::{
    clock::Moment,
    payment::{Operation, Payment},
    verdict::Verdict,
};

/// What a payment becomes by itself when nothing else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub at: Moment,
    /// `success`, else `decline`.
    pub to_success: bool,
}

/// Returns the id it was given.
pub async fn insert(write: &mut SqliteConnection, payment: &Payment) -> Result<i64, LedgerError> {
    let fields = serde_json::to_string(&payment.fields).map_err(|_| LedgerError::Senseless("list of parameters"))?;
    let inserted = sqlx::query(
        "INSERT INTO payment (key, project_id, payment_id, folded_id, method, amount, currency, status, fields, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&payment.key)
    .bind(integer(payment.project_id)?)
    .bind(&payment.payment_id)
    .bind(folded(&payment.payment_id))
    .bind(payment.method.rules().code)
    .bind(integer(payment.amount)?)
    .bind(payment.currency.code())
    .bind(payment.status.as_str())
    .bind(fields)
    .bind(payment.changed_at)
    .execute(write)
    .await?;
    Ok(inserted.last_insert_rowid())
}

/// Returns the id it was given; ids grow.
pub async fn insert_operation(write: &mut SqliteConnection, payment: i64, operation: &Operation) -> Result<i64, LedgerError> {
    let inserted = sqlx::query(
        "INSERT INTO operation (payment, type, status, amount, currency, code, message, request_id, provider_payment_id, created_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(payment)
    .bind(&operation.operation_type)
    .bind(&operation.status)
    .bind(integer(operation.amount)?)
    .bind(operation.currency.code())
    .bind(&operation.code)
    .bind(&operation.message)
    .bind(&operation.request_id)
    .bind(&operation.provider_payment_id)
    .bind(operation.created_at)
    .bind(operation.changed_at)
    .execute(write)
    .await?;
    Ok(inserted.last_insert_rowid())
}

/// Moves a payment to a new status.
pub async fn set_status(write: &mut SqliteConnection, payment: i64, status: &str, at: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE payment SET status = ?, changed_at = ? WHERE id = ?")
        .bind(status)
        .bind(at)
        .bind(payment)
        .execute(write)
        .await?;
    Ok(())
}

/// From its first decline on, a payment may be tried again until this moment.
pub async fn set_tries_until(write: &mut SqliteConnection, payment: i64, until: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE payment SET tries_until = ? WHERE id = ?").bind(until).bind(payment).execute(write).await?;
    Ok(())
}

/// Moves an operation to a new state.
pub async fn set_verdict(write: &mut SqliteConnection, operation: i64, verdict: Verdict, at: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE operation SET status = ?, code = ?, message = ?, changed_at = ? WHERE id = ?")
        .bind(verdict.status)
        .bind(verdict.code)
        .bind(verdict.message)
        .bind(at)
        .bind(operation)
        .execute(write)
        .await?;
    Ok(())
}

/// Replaces what the payment becomes by itself.
pub async fn set_turn(write: &mut SqliteConnection, payment: i64, turn: Option<Turn>) -> Result<(), LedgerError> {
    sqlx::query("UPDATE payment SET turns_at = ?, turns_to = ? WHERE id = ?")
        .bind(turn.map(|turn| turn.at))
        .bind(turn.map(|turn| if turn.to_success { "success" } else { "decline" }))
        .bind(payment)
        .execute(write)
        .await?;
    Ok(())
}

/// The payment that turns next, and how.
pub async fn next_turn(read: &mut SqliteConnection) -> Result<Option<(i64, Turn)>, LedgerError> {
    let row: Option<(i64, Moment, String)> =
        sqlx::query_as("SELECT id, turns_at, turns_to FROM payment WHERE turns_at IS NOT NULL ORDER BY turns_at, id LIMIT 1")
            .fetch_optional(read)
            .await?;
    Ok(row.map(|(id, at, to)| (id, Turn { at, to_success: to == "success" })))
}

/// By the ledger's own number.
pub async fn by_id(read: &mut SqliteConnection, id: i64) -> Result<Option<Payment>, LedgerError> {
    let row: Option<PaymentRow> = sqlx::query_as("SELECT * FROM payment WHERE id = ?").bind(id).fetch_optional(read).await?;
    row.map(Payment::try_from).transpose()
}

/// By the key in its addresses.
pub async fn by_key(read: &mut SqliteConnection, key: &str) -> Result<Option<Payment>, LedgerError> {
    let row: Option<PaymentRow> = sqlx::query_as("SELECT * FROM payment WHERE key = ?").bind(key).fetch_optional(read).await?;
    row.map(Payment::try_from).transpose()
}

/// Compared without case, as on the platform.
pub async fn by_payment_id(read: &mut SqliteConnection, payment_id: &str) -> Result<Option<Payment>, LedgerError> {
    let row: Option<PaymentRow> =
        sqlx::query_as("SELECT * FROM payment WHERE folded_id = ?").bind(folded(payment_id)).fetch_optional(read).await?;
    row.map(Payment::try_from).transpose()
}

/// In the order they were confirmed.
pub async fn all(read: &mut SqliteConnection) -> Result<Vec<Payment>, LedgerError> {
    let rows: Vec<PaymentRow> = sqlx::query_as("SELECT * FROM payment ORDER BY id").fetch_all(read).await?;
    rows.into_iter().map(Payment::try_from).collect()
}

/// Of one payment, oldest first.
pub async fn operations(read: &mut SqliteConnection, payment: i64) -> Result<Vec<Operation>, LedgerError> {
    let rows: Vec<OperationRow> =
        sqlx::query_as("SELECT * FROM operation WHERE payment = ? ORDER BY id").bind(payment).fetch_all(read).await?;
    rows.into_iter().map(Operation::try_from).collect()
}

fn folded(payment_id: &str) -> String {
    payment_id.to_lowercase()
}

fn integer(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| LedgerError::Senseless("number above 63 bits"))
}

#[derive(FromRow)]
struct PaymentRow {
    id: i64,
    key: String,
    project_id: i64,
    payment_id: String,
    method: String,
    amount: i64,
    currency: String,
    status: String,
    fields: String,
    changed_at: Moment,
    tries_until: Option<Moment>,
}

#[derive(FromRow)]
struct OperationRow {
    id: i64,
    #[sqlx(rename = "type")]
    operation_type: String,
    status: String,
    amount: i64,
    currency: String,
    code: String,
    message: String,
    request_id: String,
    provider_payment_id: String,
    created_at: Moment,
    changed_at: Moment,
}

impl TryFrom<PaymentRow> for Payment {
    type Error = LedgerError;

    fn try_from(row: PaymentRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.id,
            key: row.key,
            project_id: row.project_id.try_into().map_err(|_| LedgerError::Senseless("project"))?,
            payment_id: row.payment_id,
            method: Method::from_code(&row.method).ok_or(LedgerError::Senseless("method"))?,
            amount: row.amount.try_into().map_err(|_| LedgerError::Senseless("amount"))?,
            currency: Currency::from_code(&row.currency).ok_or(LedgerError::Senseless("currency"))?,
            status: PaymentStatus::new(row.status),
            fields: serde_json::from_str(&row.fields).map_err(|_| LedgerError::Senseless("list of parameters"))?,
            changed_at: row.changed_at,
            tries_until: row.tries_until,
        })
    }
}

impl TryFrom<OperationRow> for Operation {
    type Error = LedgerError;

    fn try_from(row: OperationRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.id,
            operation_type: row.operation_type,
            status: row.status,
            amount: row.amount.try_into().map_err(|_| LedgerError::Senseless("amount"))?,
            currency: Currency::from_code(&row.currency).ok_or(LedgerError::Senseless("currency"))?,
            code: row.code,
            message: row.message,
            request_id: row.request_id,
            provider_payment_id: row.provider_payment_id,
            created_at: row.created_at,
            changed_at: row.changed_at,
        })
    }
}

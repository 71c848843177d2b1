//! Payments: rows in, plain data out. Rows are private.

use iso_currency::Currency;
use sqlx::{FromRow, SqliteConnection};
use storefront::platform::{Method, PaymentStatus};

use super::{LedgerError, integer};
use crate::{
    clock::Moment,
    payment::{Payment, PaymentType},
    verdict::SUCCESS,
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
    let inserted = sqlx::query(
        "INSERT INTO payment (key, project_id, payment_id, folded_id, type, method, amount, currency, status, customer_id, fields,
                              gate_origin, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&payment.key)
    .bind(integer(payment.project_id)?)
    .bind(&payment.payment_id)
    .bind(folded(&payment.payment_id))
    .bind(payment.payment_type.code())
    .bind(payment.method.rules().code)
    .bind(integer(payment.amount)?)
    .bind(payment.currency.code())
    .bind(payment.status.as_str())
    .bind(payment.field("customer_id"))
    .bind(written(&payment.fields)?)
    .bind(&payment.gate_origin)
    .bind(payment.changed_at)
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

/// Replaces what the payment was opened with.
pub async fn set_fields(write: &mut SqliteConnection, payment: &Payment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE payment SET fields = ? WHERE id = ?")
        .bind(written(&payment.fields)?)
        .bind(payment.id)
        .execute(write)
        .await?;
    Ok(())
}

/// From its first decline on, a payment may be tried again until this moment.
pub async fn set_tries_until(write: &mut SqliteConnection, payment: i64, until: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE payment SET tries_until = ? WHERE id = ?").bind(until).bind(payment).execute(write).await?;
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

/// Whether a customer has ever paid by this method.
pub async fn customer_has_paid(read: &mut SqliteConnection, method: Method, customer_id: &str) -> Result<bool, LedgerError> {
    let query = "SELECT EXISTS (SELECT * FROM payment WHERE customer_id = ? AND type = 'purchase' AND method = ? AND status = ?)";
    let paid = sqlx::query_scalar(query).bind(customer_id).bind(method.rules().code).bind(SUCCESS.status).fetch_one(read).await?;
    Ok(paid)
}

fn written(fields: &[(String, String)]) -> Result<String, LedgerError> {
    serde_json::to_string(fields).map_err(|_| LedgerError::Senseless("list of parameters"))
}

fn folded(payment_id: &str) -> String {
    payment_id.to_lowercase()
}

#[derive(FromRow)]
struct PaymentRow {
    id: i64,
    key: String,
    project_id: i64,
    payment_id: String,
    #[sqlx(rename = "type")]
    payment_type: String,
    method: String,
    amount: i64,
    currency: String,
    status: String,
    fields: String,
    gate_origin: Option<String>,
    changed_at: Moment,
    tries_until: Option<Moment>,
}

impl TryFrom<PaymentRow> for Payment {
    type Error = LedgerError;

    fn try_from(row: PaymentRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.id,
            key: row.key,
            project_id: row.project_id.try_into().map_err(|_| LedgerError::Senseless("project"))?,
            payment_id: row.payment_id,
            payment_type: PaymentType::from_code(&row.payment_type).ok_or(LedgerError::Senseless("type of payment"))?,
            method: Method::from_code(&row.method).ok_or(LedgerError::Senseless("method"))?,
            amount: row.amount.try_into().map_err(|_| LedgerError::Senseless("amount"))?,
            currency: Currency::from_code(&row.currency).ok_or(LedgerError::Senseless("currency"))?,
            status: PaymentStatus::new(row.status),
            fields: serde_json::from_str(&row.fields).map_err(|_| LedgerError::Senseless("list of parameters"))?,
            gate_origin: row.gate_origin,
            changed_at: row.changed_at,
            tries_until: row.tries_until,
        })
    }
}

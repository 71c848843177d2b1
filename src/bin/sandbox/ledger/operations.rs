//! Operations of payments: rows in, plain data out. Rows are private.

use iso_currency::Currency;
use sqlx::{FromRow, SqliteConnection};

use super::{LedgerError, integer};
use crate::{
    clock::Moment,
    operation::{Operation, OperationType},
    verdict::Verdict,
};

/// Returns the id it was given; ids grow.
pub async fn insert(write: &mut SqliteConnection, payment: i64, operation: &Operation) -> Result<i64, LedgerError> {
    let inserted = sqlx::query(
        "INSERT INTO operation (payment, type, status, amount, currency, code, message, request_id, provider_payment_id,
                                description, merchant_refund_id, callback_url, decides_at, created_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(payment)
    .bind(operation.operation_type.code())
    .bind(&operation.status)
    .bind(integer(operation.amount)?)
    .bind(operation.currency.code())
    .bind(&operation.code)
    .bind(&operation.message)
    .bind(&operation.request_id)
    .bind(&operation.provider_payment_id)
    .bind(&operation.description)
    .bind(&operation.merchant_refund_id)
    .bind(&operation.callback_url)
    .bind(operation.decides_at)
    .bind(operation.created_at)
    .bind(operation.changed_at)
    .execute(write)
    .await?;
    Ok(inserted.last_insert_rowid())
}

/// Moves an operation to a new state; nothing waits to be decided any more.
pub async fn set_verdict(write: &mut SqliteConnection, operation: i64, verdict: Verdict, at: Moment) -> Result<(), LedgerError> {
    sqlx::query("UPDATE operation SET status = ?, code = ?, message = ?, changed_at = ?, decides_at = NULL WHERE id = ?")
        .bind(verdict.status)
        .bind(verdict.code)
        .bind(verdict.message)
        .bind(at)
        .bind(operation)
        .execute(write)
        .await?;
    Ok(())
}

/// Of one payment, oldest first.
pub async fn of_payment(read: &mut SqliteConnection, payment: i64) -> Result<Vec<Operation>, LedgerError> {
    let rows: Vec<OperationRow> =
        sqlx::query_as("SELECT * FROM operation WHERE payment = ? ORDER BY id").bind(payment).fetch_all(read).await?;
    rows.into_iter().map(Operation::try_from).collect()
}

/// Whether any refund of the project has this id of the merchant's.
pub async fn refund_id_is_used(read: &mut SqliteConnection, merchant_refund_id: &str) -> Result<bool, LedgerError> {
    let query = "SELECT EXISTS (SELECT * FROM operation WHERE merchant_refund_id = ?)";
    Ok(sqlx::query_scalar(query).bind(merchant_refund_id).fetch_one(read).await?)
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
    description: Option<String>,
    merchant_refund_id: Option<String>,
    callback_url: Option<String>,
    decides_at: Option<Moment>,
    created_at: Moment,
    changed_at: Moment,
}

impl TryFrom<OperationRow> for Operation {
    type Error = LedgerError;

    fn try_from(row: OperationRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.id,
            operation_type: OperationType::from_code(&row.operation_type).ok_or(LedgerError::Senseless("type of operation"))?,
            status: row.status,
            amount: row.amount.try_into().map_err(|_| LedgerError::Senseless("amount"))?,
            currency: Currency::from_code(&row.currency).ok_or(LedgerError::Senseless("currency"))?,
            code: row.code,
            message: row.message,
            request_id: row.request_id,
            provider_payment_id: row.provider_payment_id,
            description: row.description,
            merchant_refund_id: row.merchant_refund_id,
            callback_url: row.callback_url,
            decides_at: row.decides_at,
            created_at: row.created_at,
            changed_at: row.changed_at,
        })
    }
}

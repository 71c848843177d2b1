//! The register: operations of all payments, as the Data API lists them. Read only.

use sqlx::{AssertSqlSafe, FromRow, SqliteConnection};

use super::LedgerError;
use crate::clock::Moment;

/// One line of the register.
#[derive(Debug, Clone, FromRow)]
pub struct RegisterLine {
    pub project_id: i64,
    pub operation_id: i64,
    pub payment_id: String,
    pub operation_type: String,
    pub operation_status: String,
    /// As the method table has it.
    pub method: String,
    pub description: Option<String>,
    pub merchant_refund_id: Option<String>,
    pub created_at: Moment,
    pub changed_at: Moment,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub code: String,
    pub message: String,
    pub customer_id: Option<String>,
}

/// Operations that began within an interval, oldest first. `before` is the first moment that is too late.
pub async fn lines(read: &mut SqliteConnection, from: Moment, before: Moment) -> Result<Vec<RegisterLine>, LedgerError> {
    let query = format!("{LINES} WHERE created_at >= ? AND created_at < ? ORDER BY operation.id");
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(from).bind(before).fetch_all(read).await?)
}

/// Operations of one payment, oldest first.
pub async fn of_payment(read: &mut SqliteConnection, payment_id: &str) -> Result<Vec<RegisterLine>, LedgerError> {
    let query = format!("{LINES} WHERE payment_id = ? COLLATE NOCASE ORDER BY operation.id");
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(payment_id).fetch_all(read).await?)
}

const LINES: &str = "
    SELECT project_id, operation.id AS operation_id, payment_id, operation.type AS operation_type,
           operation.status AS operation_status, method, description, merchant_refund_id, created_at,
           operation.changed_at AS changed_at, operation.amount AS amount, operation.currency AS currency, code, message,
           customer_id
    FROM operation JOIN payment ON payment.id = operation.payment";

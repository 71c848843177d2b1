//! The register: operations of all payments, as the Data API lists them. Read only.

use rusqlite::{Row, Transaction};

use crate::{
    ledger::{LedgerError, rows},
    running::clock::Moment,
};

/// One line of the register.
#[derive(Debug, Clone)]
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
pub fn lines(tx: &Transaction, from: Moment, before: Moment) -> Result<Vec<RegisterLine>, LedgerError> {
    let sql = format!("{LINES} WHERE created_at >= ? AND created_at < ? ORDER BY operation.id");
    rows::all(tx, &sql, (from, before), read)
}

/// Operations of one payment, oldest first.
pub fn of_payment(tx: &Transaction, payment_id: &str) -> Result<Vec<RegisterLine>, LedgerError> {
    let sql = format!("{LINES} WHERE payment_id = ? COLLATE NOCASE ORDER BY operation.id");
    rows::all(tx, &sql, [payment_id], read)
}

const LINES: &str = "
    SELECT project_id, operation.id AS operation_id, payment_id, operation.type AS operation_type,
           operation.status AS operation_status, method, description, merchant_refund_id, created_at,
           operation.changed_at AS changed_at, operation.amount AS amount, operation.currency AS currency, code, message,
           customer_id
    FROM operation JOIN payment ON payment.id = operation.payment";

fn read(row: &Row) -> Result<RegisterLine, LedgerError> {
    Ok(RegisterLine {
        project_id: row.get("project_id")?,
        operation_id: row.get("operation_id")?,
        payment_id: row.get("payment_id")?,
        operation_type: row.get("operation_type")?,
        operation_status: row.get("operation_status")?,
        method: row.get("method")?,
        description: row.get("description")?,
        merchant_refund_id: row.get("merchant_refund_id")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
        amount: row.get("amount")?,
        currency: row.get("currency")?,
        code: row.get("code")?,
        message: row.get("message")?,
        customer_id: row.get("customer_id")?,
    })
}

//! The register: operations of all payments, as the Data API lists them. Read only.

use rusqlite::{Row, Transaction};

use crate::{
    ledger::{error::LedgerError, operations, rows},
    payments::operation::Operation,
    running::clock::Moment,
};
use storefront::platform::Method;

/// One line of the register.
#[derive(Debug, Clone)]
pub struct RegisterLine {
    pub operation: Operation,
    pub project_id: u64,
    pub payment_id: String,
    pub method: Method,
    pub customer_id: Option<String>,
}

/// Operations that began within an interval, oldest first. `before` itself is not part of it.
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
    SELECT operation.*, project_id, payment_id, method, customer_id
    FROM operation JOIN payment ON payment.id = operation.payment";

fn read(row: &Row) -> Result<RegisterLine, LedgerError> {
    Ok(RegisterLine {
        operation: operations::read(row)?,
        project_id: rows::unsigned(row, "project_id")?,
        payment_id: row.get("payment_id")?,
        method: rows::known(row, "method", Method::from_code)?,
        customer_id: row.get("customer_id")?,
    })
}

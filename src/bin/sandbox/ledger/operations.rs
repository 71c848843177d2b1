//! Operations of payments.

use iso_currency::Currency;
use rusqlite::{Row, ToSql, Transaction};

use crate::{
    ledger::{error::LedgerError, rows},
    payments::{
        operation::{Operation, OperationType},
        verdict::Verdict,
    },
    running::clock::Moment,
};

/// Returns the id it was given; ids grow.
pub fn insert(tx: &Transaction, payment: i64, operation: &Operation) -> Result<i64, LedgerError> {
    let columns: &[(&str, &dyn ToSql)] = &[
        ("payment", &payment),
        ("type", &operation.operation_type.name()),
        ("status", &operation.status),
        ("amount", &rows::signed(operation.amount)?),
        ("currency", &operation.currency.code()),
        ("code", &operation.code),
        ("message", &operation.message),
        ("request_id", &operation.request_id),
        ("provider_payment_id", &operation.provider_payment_id),
        ("description", &operation.description),
        ("merchant_refund_id", &operation.merchant_refund_id),
        ("callback_url", &operation.callback_url),
        ("decides_at", &operation.decides_at),
        ("times_out_at", &operation.times_out_at),
        ("created_at", &operation.created_at),
        ("changed_at", &operation.changed_at),
    ];
    rows::insert(tx, "operation", columns)
}

/// Moves an operation to a new state; nothing waits to be decided any more.
pub fn set_verdict(tx: &Transaction, operation: i64, verdict: Verdict, at: Moment) -> Result<(), LedgerError> {
    let sql = "UPDATE operation SET status = ?, code = ?, message = ?, changed_at = ?, decides_at = NULL WHERE id = ?";
    rows::write(tx, sql, (verdict.status, verdict.code, verdict.message, at, operation))
}

/// Of one payment, oldest first.
pub fn of_payment(tx: &Transaction, payment: i64) -> Result<Vec<Operation>, LedgerError> {
    rows::all(tx, "SELECT * FROM operation WHERE payment = ? ORDER BY id", [payment], read)
}

/// Whether any refund of the project has this id of the merchant's.
pub fn refund_id_is_used(tx: &Transaction, merchant_refund_id: &str) -> Result<bool, LedgerError> {
    rows::exists(tx, "SELECT EXISTS (SELECT * FROM operation WHERE merchant_refund_id = ?)", [merchant_refund_id])
}

/// From a row that has all columns of `operation`.
pub fn read(row: &Row) -> Result<Operation, LedgerError> {
    Ok(Operation {
        id: row.get("id")?,
        operation_type: rows::known(row, "type", OperationType::from_name)?,
        status: row.get("status")?,
        amount: rows::unsigned(row, "amount")?,
        currency: rows::known(row, "currency", Currency::from_code)?,
        code: row.get("code")?,
        message: row.get("message")?,
        request_id: row.get("request_id")?,
        provider_payment_id: row.get("provider_payment_id")?,
        description: row.get("description")?,
        merchant_refund_id: row.get("merchant_refund_id")?,
        callback_url: row.get("callback_url")?,
        decides_at: row.get("decides_at")?,
        times_out_at: row.get("times_out_at")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}

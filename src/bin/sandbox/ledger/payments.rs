//! Payments.

use crate::{
    ledger::{error::LedgerError, rows},
    payments::{
        fields::Fields,
        payment::{Payment, PaymentType},
        verdict::SUCCESS,
    },
    running::clock::Moment,
};
use iso_currency::Currency;
use rusqlite::{Row, ToSql, Transaction};
use storefront::platform::{Method, PaymentStatus};

/// What a payment becomes at a moment if nothing else happens until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub at: Moment,
    /// `success`, else `decline`.
    pub to_success: bool,
}

/// Returns the id it was given.
pub fn insert(tx: &Transaction, payment: &Payment) -> Result<i64, LedgerError> {
    let columns: &[(&str, &dyn ToSql)] = &[
        ("key", &payment.key),
        ("project_id", &rows::signed(payment.project_id)?),
        ("payment_id", &payment.payment_id),
        ("folded_id", &folded(&payment.payment_id)),
        ("type", &payment.payment_type.name()),
        ("method", &payment.method.rules().code),
        ("amount", &rows::signed(payment.amount)?),
        ("currency", &payment.currency.code()),
        ("status", &payment.status.as_str()),
        ("customer_id", &payment.fields.filled("customer_id")),
        ("fields", &written(&payment.fields)?),
        ("gate_origin", &payment.gate_origin),
        ("changed_at", &payment.changed_at),
    ];
    rows::insert(tx, "payment", columns)
}

/// Moves a payment to a new status.
pub fn set_status(tx: &Transaction, payment: i64, status: &str, at: Moment) -> Result<(), LedgerError> {
    rows::write(tx, "UPDATE payment SET status = ?, changed_at = ? WHERE id = ?", (status, at, payment))
}

/// Replaces what the payment was opened with.
pub fn set_fields(tx: &Transaction, payment: &Payment) -> Result<(), LedgerError> {
    rows::write(tx, "UPDATE payment SET fields = ? WHERE id = ?", (written(&payment.fields)?, payment.id))
}

/// From its first decline on, a payment may be tried again until this moment.
pub fn set_tries_until(tx: &Transaction, payment: i64, until: Moment) -> Result<(), LedgerError> {
    rows::write(tx, "UPDATE payment SET tries_until = ? WHERE id = ?", (until, payment))
}

/// Replaces what the payment becomes by itself.
pub fn set_turn(tx: &Transaction, payment: i64, turn: Option<Turn>) -> Result<(), LedgerError> {
    let to = turn.map(|turn| if turn.to_success { "success" } else { "decline" });
    rows::write(tx, "UPDATE payment SET turns_at = ?, turns_to = ? WHERE id = ?", (turn.map(|turn| turn.at), to, payment))
}

/// By the ledger's own number.
pub fn by_id(tx: &Transaction, id: i64) -> Result<Option<Payment>, LedgerError> {
    rows::one(tx, "SELECT * FROM payment WHERE id = ?", [id], read)
}

/// A purchase by the key in its addresses; a payout has no pages.
pub fn purchase_by_key(tx: &Transaction, key: &str) -> Result<Option<Payment>, LedgerError> {
    rows::one(tx, "SELECT * FROM payment WHERE key = ? AND type = 'purchase'", [key], read)
}

/// Compared without case, as on the platform.
pub fn by_payment_id(tx: &Transaction, payment_id: &str) -> Result<Option<Payment>, LedgerError> {
    rows::one(tx, "SELECT * FROM payment WHERE folded_id = ?", [folded(payment_id)], read)
}

/// In the order they were confirmed.
pub fn all(tx: &Transaction) -> Result<Vec<Payment>, LedgerError> {
    rows::all(tx, "SELECT * FROM payment ORDER BY id", [], read)
}

/// Whether a customer has ever paid by this method.
pub fn customer_has_paid(tx: &Transaction, method: Method, customer_id: &str) -> Result<bool, LedgerError> {
    let sql = "SELECT EXISTS (SELECT * FROM payment WHERE customer_id = ? AND type = 'purchase' AND method = ? AND status = ?)";
    rows::exists(tx, sql, (customer_id, method.rules().code, SUCCESS.status))
}

fn written(fields: &Fields) -> Result<String, LedgerError> {
    serde_json::to_string(fields).map_err(|_| LedgerError::Invalid("fields"))
}

fn folded(payment_id: &str) -> String {
    payment_id.to_lowercase()
}

fn read(row: &Row) -> Result<Payment, LedgerError> {
    Ok(Payment {
        id: row.get("id")?,
        key: row.get("key")?,
        project_id: rows::unsigned(row, "project_id")?,
        payment_id: row.get("payment_id")?,
        payment_type: rows::known(row, "type", PaymentType::from_name)?,
        method: rows::known(row, "method", Method::from_code)?,
        amount: rows::unsigned(row, "amount")?,
        currency: rows::known(row, "currency", Currency::from_code)?,
        status: PaymentStatus::new(row.get::<_, String>("status")?),
        fields: rows::known(row, "fields", |text| serde_json::from_str(text).ok())?,
        gate_origin: row.get("gate_origin")?,
        changed_at: row.get("changed_at")?,
        tries_until: row.get("tries_until")?,
    })
}

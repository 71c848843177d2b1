//! Status requests that came in, so that a test sees what a shop asked about, and when.

use rusqlite::Transaction;

use crate::{
    ledger::{error::LedgerError, rows},
    running::{clock::Moment, limits::MOST_QUESTIONS},
};

/// One status request.
#[derive(Debug, Clone)]
pub struct Question {
    /// As the shop spelled it, known or not.
    pub payment_id: String,
    pub at: Moment,
}

/// Writes one down.
pub fn insert(tx: &Transaction, payment_id: &str, at: Moment) -> Result<(), LedgerError> {
    let id = rows::insert(tx, "question", &[("payment_id", &payment_id), ("at", &at)])?;
    rows::write(tx, "DELETE FROM question WHERE id <= ?", [id - MOST_QUESTIONS])
}

/// In the order they came.
pub fn all(tx: &Transaction) -> Result<Vec<Question>, LedgerError> {
    let read = |row: &rusqlite::Row| Ok(Question { payment_id: row.get(0)?, at: row.get(1)? });
    rows::all(tx, "SELECT payment_id, at FROM question ORDER BY id", [], read)
}

//! What must survive a restart besides payments: the clock's offset, the faults,
//! and what is wrong in the register.

use rusqlite::Transaction;

use crate::{
    control::faults::Faults,
    data_api::Discrepancy,
    ledger::{LedgerError, rows},
};

const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
const FAULTS: &str = "faults";
const DISCREPANCIES: &str = "discrepancies";

/// Milliseconds ahead of real time.
pub fn clock_offset_ms(tx: &Transaction) -> Result<i64, LedgerError> {
    match get(tx, CLOCK_OFFSET_MS)? {
        Some(text) => text.parse().map_err(|_| LedgerError::Senseless("clock offset")),
        None => Ok(0),
    }
}

/// Milliseconds ahead of real time.
pub fn set_clock_offset_ms(tx: &Transaction, offset_ms: i64) -> Result<(), LedgerError> {
    set(tx, CLOCK_OFFSET_MS, &offset_ms.to_string())
}

/// At rest if none were set.
pub fn faults(tx: &Transaction) -> Result<Faults, LedgerError> {
    match get(tx, FAULTS)? {
        Some(text) => Faults::parse(text.as_bytes()).map_err(|_| LedgerError::Senseless("set of faults")),
        None => Ok(Faults::default()),
    }
}

/// Replaces all.
pub fn set_faults(tx: &Transaction, faults: &Faults) -> Result<(), LedgerError> {
    let text = serde_json::to_string(faults).map_err(|_| LedgerError::Senseless("set of faults"))?;
    set(tx, FAULTS, &text)
}

/// None if none were set.
pub fn discrepancies(tx: &Transaction) -> Result<Vec<Discrepancy>, LedgerError> {
    match get(tx, DISCREPANCIES)? {
        Some(text) => serde_json::from_str(&text).map_err(|_| LedgerError::Senseless("list of discrepancies")),
        None => Ok(Vec::new()),
    }
}

/// Replaces all.
pub fn set_discrepancies(tx: &Transaction, discrepancies: &[Discrepancy]) -> Result<(), LedgerError> {
    let text = serde_json::to_string(discrepancies).map_err(|_| LedgerError::Senseless("list of discrepancies"))?;
    set(tx, DISCREPANCIES, &text)
}

fn get(tx: &Transaction, name: &str) -> Result<Option<String>, LedgerError> {
    rows::one(tx, "SELECT value FROM setting WHERE name = ?", [name], |row| Ok(row.get(0)?))
}

fn set(tx: &Transaction, name: &str, value: &str) -> Result<(), LedgerError> {
    rows::write(tx, "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))
}

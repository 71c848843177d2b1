//! What `/control` sets and a restart must not lose: the clock's offset, the faults, and what the register tells wrongly.
//! Each is kept as JSON under its name; one that was never set has its default.

use rusqlite::Transaction;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    faults::{Discrepancy, Faults},
    ledger::{error::LedgerError, rows},
};

const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
const FAULTS: &str = "faults";
const DISCREPANCIES: &str = "discrepancies";

/// Milliseconds ahead of real time.
pub fn clock_offset_ms(tx: &Transaction) -> Result<i64, LedgerError> {
    get(tx, CLOCK_OFFSET_MS)
}

/// Milliseconds ahead of real time.
pub fn set_clock_offset_ms(tx: &Transaction, offset_ms: i64) -> Result<(), LedgerError> {
    set(tx, CLOCK_OFFSET_MS, &offset_ms)
}

pub fn faults(tx: &Transaction) -> Result<Faults, LedgerError> {
    get(tx, FAULTS)
}

/// Replaces all.
pub fn set_faults(tx: &Transaction, faults: &Faults) -> Result<(), LedgerError> {
    set(tx, FAULTS, faults)
}

pub fn discrepancies(tx: &Transaction) -> Result<Vec<Discrepancy>, LedgerError> {
    get(tx, DISCREPANCIES)
}

/// Replaces all.
pub fn set_discrepancies(tx: &Transaction, discrepancies: &[Discrepancy]) -> Result<(), LedgerError> {
    set(tx, DISCREPANCIES, discrepancies)
}

fn get<T: DeserializeOwned + Default>(tx: &Transaction, name: &'static str) -> Result<T, LedgerError> {
    let text: Option<String> = rows::one(tx, "SELECT value FROM setting WHERE name = ?", [name], |row| Ok(row.get(0)?))?;
    text.map_or(Ok(T::default()), |text| serde_json::from_str(&text).map_err(|_| LedgerError::Invalid(name)))
}

fn set(tx: &Transaction, name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), LedgerError> {
    let text = serde_json::to_string(value).map_err(|_| LedgerError::Invalid(name))?;
    rows::write(tx, "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, text))
}

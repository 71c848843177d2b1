//! What must survive a restart besides payments: the clock's offset, the faults,
//! and what is wrong in the register.

use sqlx::SqliteConnection;

use super::LedgerError;
use crate::{data_api::Discrepancy, faults::Faults};

const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
const FAULTS: &str = "faults";
const DISCREPANCIES: &str = "discrepancies";

/// Milliseconds ahead of real time.
pub async fn clock_offset_ms(read: &mut SqliteConnection) -> Result<i64, LedgerError> {
    match get(read, CLOCK_OFFSET_MS).await? {
        Some(text) => text.parse().map_err(|_| LedgerError::Senseless("clock offset")),
        None => Ok(0),
    }
}

/// Milliseconds ahead of real time.
pub async fn set_clock_offset_ms(write: &mut SqliteConnection, offset_ms: i64) -> Result<(), LedgerError> {
    set(write, CLOCK_OFFSET_MS, &offset_ms.to_string()).await
}

/// At rest if none were set.
pub async fn faults(read: &mut SqliteConnection) -> Result<Faults, LedgerError> {
    match get(read, FAULTS).await? {
        Some(text) => Faults::parse(text.as_bytes()).map_err(|_| LedgerError::Senseless("set of faults")),
        None => Ok(Faults::default()),
    }
}

/// Replaces all.
pub async fn set_faults(write: &mut SqliteConnection, faults: &Faults) -> Result<(), LedgerError> {
    let text = serde_json::to_string(faults).map_err(|_| LedgerError::Senseless("set of faults"))?;
    set(write, FAULTS, &text).await
}

/// None if none were set.
pub async fn discrepancies(read: &mut SqliteConnection) -> Result<Vec<Discrepancy>, LedgerError> {
    match get(read, DISCREPANCIES).await? {
        Some(text) => serde_json::from_str(&text).map_err(|_| LedgerError::Senseless("list of discrepancies")),
        None => Ok(Vec::new()),
    }
}

/// Replaces all.
pub async fn set_discrepancies(write: &mut SqliteConnection, discrepancies: &[Discrepancy]) -> Result<(), LedgerError> {
    let text = serde_json::to_string(discrepancies).map_err(|_| LedgerError::Senseless("list of discrepancies"))?;
    set(write, DISCREPANCIES, &text).await
}

async fn get(read: &mut SqliteConnection, name: &str) -> Result<Option<String>, LedgerError> {
    Ok(sqlx::query_scalar("SELECT value FROM setting WHERE name = ?").bind(name).fetch_optional(read).await?)
}

async fn set(write: &mut SqliteConnection, name: &str, value: &str) -> Result<(), LedgerError> {
    sqlx::query("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)").bind(name).bind(value).execute(write).await?;
    Ok(())
}

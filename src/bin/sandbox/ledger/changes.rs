//! What time does by itself, and when.

use sqlx::SqliteConnection;

use super::{LedgerError, payments::Turn, settings};
use crate::clock::Moment;

/// The next thing to happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A payment that nothing else became of turns.
    Turn { payment: i64, turn: Turn },
    /// A refund or payout is decided.
    Decision { payment: i64, operation: i64, at: Moment },
}

impl Change {
    /// When it is due.
    pub fn at(&self) -> Moment {
        match self {
            Change::Turn { turn, .. } => turn.at,
            Change::Decision { at, .. } => *at,
        }
    }
}

/// The change that is due first. Decisions wait as long as a fault says so.
pub async fn next(read: &mut SqliteConnection) -> Result<Option<Change>, LedgerError> {
    let turn = next_turn(read).await?;
    let pending = settings::faults(read).await?.operations_pending;
    let decision = if pending { None } else { next_decision(read).await? };
    Ok(turn.into_iter().chain(decision).min_by_key(Change::at))
}

async fn next_turn(read: &mut SqliteConnection) -> Result<Option<Change>, LedgerError> {
    let row: Option<(i64, Moment, String)> =
        sqlx::query_as("SELECT id, turns_at, turns_to FROM payment WHERE turns_at IS NOT NULL ORDER BY turns_at, id LIMIT 1")
            .fetch_optional(read)
            .await?;
    Ok(row.map(|(payment, at, to)| Change::Turn { payment, turn: Turn { at, to_success: to == "success" } }))
}

async fn next_decision(read: &mut SqliteConnection) -> Result<Option<Change>, LedgerError> {
    let row: Option<(i64, i64, Moment)> = sqlx::query_as(
        "SELECT payment, id, decides_at FROM operation WHERE decides_at IS NOT NULL ORDER BY decides_at, id LIMIT 1",
    )
    .fetch_optional(read)
    .await?;
    Ok(row.map(|(payment, operation, at)| Change::Decision { payment, operation, at }))
}

//! What time does by itself, and when.

use rusqlite::{Row, Transaction};

use crate::{
    ledger::{control, error::LedgerError, payments::Turn, rows},
    running::clock::Moment,
};

/// The next thing to happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueChange {
    /// A payment turns, since nothing else happened to it.
    Turn { payment: i64, turn: Turn },
    /// A refund or payout is decided.
    Decision { payment: i64, operation: i64, at: Moment },
    /// A refund or payout is still undecided at its time limit.
    TimeOut { payment: i64, operation: i64, at: Moment },
}

impl DueChange {
    /// When it is due.
    pub fn at(&self) -> Moment {
        match self {
            DueChange::Turn { turn, .. } => turn.at,
            DueChange::Decision { at, .. } | DueChange::TimeOut { at, .. } => *at,
        }
    }
}

/// The change that is due first. While the fault `operations_pending` is set, no decision is due, only time limits.
pub fn next(tx: &Transaction) -> Result<Option<DueChange>, LedgerError> {
    let turn = next_turn(tx)?;
    let operation = if control::faults(tx)?.operations_pending { next_time_out(tx)? } else { next_decision(tx)? };
    Ok(turn.into_iter().chain(operation).min_by_key(DueChange::at))
}

fn next_turn(tx: &Transaction) -> Result<Option<DueChange>, LedgerError> {
    let sql = "SELECT id, turns_at, turns_to FROM payment WHERE turns_at IS NOT NULL ORDER BY turns_at, id LIMIT 1";
    rows::one(tx, sql, [], |row| {
        let to_success = rows::known(row, "turns_to", |text| Some(text == "success"))?;
        Ok(DueChange::Turn { payment: row.get("id")?, turn: Turn { at: row.get("turns_at")?, to_success } })
    })
}

fn next_decision(tx: &Transaction) -> Result<Option<DueChange>, LedgerError> {
    let sql = "SELECT payment, id, decides_at FROM operation WHERE decides_at IS NOT NULL ORDER BY decides_at, id LIMIT 1";
    rows::one(tx, sql, [], |row: &Row| Ok(DueChange::Decision { payment: row.get(0)?, operation: row.get(1)?, at: row.get(2)? }))
}

fn next_time_out(tx: &Transaction) -> Result<Option<DueChange>, LedgerError> {
    let sql = "SELECT payment, id, times_out_at FROM operation WHERE decides_at IS NOT NULL AND times_out_at IS NOT NULL
               ORDER BY times_out_at, id LIMIT 1";
    rows::one(tx, sql, [], |row: &Row| Ok(DueChange::TimeOut { payment: row.get(0)?, operation: row.get(1)?, at: row.get(2)? }))
}

//! Reading and writing rows. Statements are prepared once and kept.

use rusqlite::{
    Params, Row, ToSql, Transaction, params_from_iter,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::{ledger::error::LedgerError, running::clock::Moment};

/// Changes rows.
pub fn write(tx: &Transaction, sql: &str, params: impl Params) -> Result<(), LedgerError> {
    tx.prepare_cached(sql)?.execute(params)?;
    Ok(())
}

/// Adds a row of these columns and returns the id it was given.
pub fn insert(tx: &Transaction, table: &str, columns: &[(&str, &dyn ToSql)]) -> Result<i64, LedgerError> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), vec!["?"; names.len()].join(", "));
    Ok(tx.prepare_cached(&sql)?.insert(params_from_iter(columns.iter().map(|(_, value)| value)))?)
}

/// The first row.
pub fn one<T>(
    tx: &Transaction,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row) -> Result<T, LedgerError>,
) -> Result<Option<T>, LedgerError> {
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Every row.
pub fn all<T>(
    tx: &Transaction,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row) -> Result<T, LedgerError>,
) -> Result<Vec<T>, LedgerError> {
    tx.prepare_cached(sql)?.query_and_then(params, read)?.collect()
}

/// Whether a question `SELECT EXISTS …` is answered with yes.
pub fn exists(tx: &Transaction, sql: &str, params: impl Params) -> Result<bool, LedgerError> {
    Ok(tx.prepare_cached(sql)?.query_one(params, |row| row.get(0))?)
}

/// For a column: SQLite's integers are signed.
pub fn signed(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| LedgerError::Invalid("number above 63 bits"))
}

/// From a column whose numbers are never below zero.
pub fn unsigned(row: &Row, column: &'static str) -> Result<u64, LedgerError> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| LedgerError::Invalid(column))
}

/// From a column that holds one of some known texts.
pub fn known<T>(row: &Row, column: &'static str, from_text: impl FnOnce(&str) -> Option<T>) -> Result<T, LedgerError> {
    from_text(row.get_ref(column)?.as_str().unwrap_or_default()).ok_or(LedgerError::Invalid(column))
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.millisecond().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef) -> FromSqlResult<Self> {
        value.as_i64().map(Self::of_millisecond)
    }
}

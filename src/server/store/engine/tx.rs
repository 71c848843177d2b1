//! One transaction, as decisions and looks see it.

use rusqlite::params_from_iter;

use super::{
    error::StoreError,
    postgres::Session,
    row::{FromRow, Row},
    value::Value,
};

/// The transaction of one decision or look. It ends with the function that was given it.
pub enum Tx<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

impl Tx<'_> {
    /// Nobody else writes meanwhile: there is nothing to lock.
    pub fn has_one_writer(&self) -> bool {
        matches!(self, Tx::Sqlite(_))
    }

    /// Runs a statement; tells how many rows it changed.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        match self {
            Tx::Sqlite(connection) => Ok(connection.prepare_cached(sql)?.execute(params_from_iter(values))?),
            Tx::Postgres(session) => session.execute(sql, values),
        }
    }

    /// Runs a statement, however many rows it changes.
    pub fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<(), StoreError> {
        self.execute(sql, values).map(drop)
    }

    /// The first row, if there is one.
    pub fn first<T: FromRow>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Option<T>, StoreError> {
        match self {
            Tx::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(params_from_iter(values))?;
                rows.next()?.map(|row| T::from_row(&Row::Sqlite(row))).transpose()
            }
            Tx::Postgres(session) => session.query(sql, values)?.first().map(|row| T::from_row(&Row::Postgres(row))).transpose(),
        }
    }

    /// The first row, of a statement that always has one.
    pub fn one<T: FromRow>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, StoreError> {
        self.first(sql, values)?.ok_or(StoreError::NoRow)
    }

    pub fn all<T: FromRow>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(row);
            Ok(())
        })?;
        Ok(all)
    }

    /// Row by row: an answer that may be too long to be held.
    pub fn each<T: FromRow>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut take: impl FnMut(T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    take(T::from_row(&Row::Sqlite(row))?)?;
                }
                Ok(())
            }
            Tx::Postgres(session) => session.each(sql, values, |row| take(T::from_row(&Row::Postgres(row))?)),
        }
    }
}

//! One transaction, as decisions and looks see it.

use rusqlite::{Connection, params_from_iter};

use super::{
    error::StoreError,
    row::{FromRow, Row},
    value::Value,
};

/// The transaction of one decision or look. It ends with the function that was given it.
pub struct Tx<'a> {
    connection: &'a Connection,
}

impl<'a> Tx<'a> {
    pub(super) fn of(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// Runs a statement; tells how many rows it changed.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(params_from_iter(values))?)
    }

    /// Runs a statement, however many rows it changes.
    pub fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<(), StoreError> {
        self.execute(sql, values).map(drop)
    }

    /// The first row, if there is one.
    pub fn first<T: FromRow>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        rows.next()?.map(|row| T::from_row(&Row(row))).transpose()
    }

    /// The first row, of a statement that always has one.
    pub fn one<T: FromRow>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, StoreError> {
        self.first(sql, values)?.ok_or(StoreError::Failed(rusqlite::Error::QueryReturnedNoRows))
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
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            take(T::from_row(&Row(row))?)?;
        }
        Ok(())
    }
}

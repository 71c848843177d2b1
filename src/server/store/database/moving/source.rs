//! The file that a shop is moved from. While it is open here, nobody else can use it.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Statement};

use super::{
    error::MoveError,
    rows::{Fingerprint, SUMS, Total, all_rows, kept},
};
use crate::{
    domain::books::Sum,
    server::store::{
        database::{
            age::{Age, age},
            migrations::MOVED,
            schema::Table,
        },
        engine::{StoreError, Tx, Value, cell},
    },
};

/// For a command that is about to end.
const WAITS_FOR_OTHERS: Duration = Duration::from_secs(2);

pub struct Source(Connection);

impl Source {
    pub fn open(file: &Path) -> Result<Self, MoveError> {
        if !file.exists() {
            return Err(StoreError::NotThere(file.to_owned()).into());
        }
        let served = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => MoveError::Served(file.to_owned()),
            _ => error.into(),
        };
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(WAITS_FOR_OTHERS)?;
        // Whoever has the file open holds a lock that this one does not suffer, even while nothing is read or written.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(served)?;
        connection.execute_batch("BEGIN EXCLUSIVE").map_err(served)?;
        match age(&mut Tx::Sqlite(&connection))? {
            Age::Same => Ok(Self(connection)),
            other => Err(MoveError::OtherVersion(other.to_string())),
        }
    }

    /// Reads all rows of a table.
    pub fn statement(&self, table: &Table) -> Result<Statement<'_>, StoreError> {
        Ok(self.0.prepare(&all_rows(table))?)
    }

    pub fn read(&self, table: &Table) -> Result<Fingerprint, StoreError> {
        let mut fingerprint = Fingerprint::default();
        let mut statement = self.statement(table)?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            fingerprint.take(&values(row, table)?);
        }
        Ok(fingerprint)
    }

    pub fn sums(&self) -> Result<Vec<Total>, StoreError> {
        let mut all = Vec::new();
        for sql in SUMS {
            let mut statement = self.0.prepare(sql)?;
            let mut rows = statement.query(())?;
            while let Some(row) = rows.next()? {
                let minor: i64 = row.get(3)?;
                all.push(Total { what: row.get(0)?, rows: row.get(2)?, sum: Sum { minor: minor.into(), currency: row.get(1)? } });
            }
        }
        Ok(all)
    }

    /// From now on nobody serves from it by mistake.
    pub fn mark_as_moved(self) -> Result<(), StoreError> {
        self.0.pragma_update(None, "user_version", MOVED)?;
        self.0.execute_batch("COMMIT")?;
        self.0.close().map_err(|(_, error)| error.into())
    }
}

/// A row as a server keeps it.
pub fn values<'a>(row: &'a Row<'_>, table: &Table) -> Result<Vec<Value<'a>>, StoreError> {
    let value = |place| cell::of_sqlite(row.get_ref(place)?).map(kept).ok_or(StoreError::Inconsistent("value"));
    (0..table.columns.len()).map(value).collect()
}

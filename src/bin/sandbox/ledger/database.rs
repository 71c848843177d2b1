//! The connection to the data file. One whose transaction did not end well is dropped, and the next act opens the file
//! anew: after a full disk a connection's state cannot be trusted.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{
    ledger::error::LedgerError,
    running::limits::{FILE_LOCKED_FOR, KEPT_STATEMENTS},
};

/// Grows with every change to `schema.sql`.
const VERSION: i64 = 4;

/// The data file and its connection; `None` after a transaction that did not end well.
#[derive(Debug)]
pub struct Database {
    file: PathBuf,
    connection: Option<Connection>,
}

impl Database {
    /// Makes the file if it is missing.
    pub fn open(file: &Path) -> Result<Self, LedgerError> {
        Ok(Self { connection: Some(connect(file)?), file: file.to_owned() })
    }

    /// One act in one transaction: committed if the act succeeds, undone if it fails or panics.
    pub fn run<T, E: From<LedgerError>>(
        &mut self,
        behavior: TransactionBehavior,
        act: impl FnOnce(&Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection.take().map_or_else(|| connect(&self.file), Ok)?;
        let transaction = connection.transaction_with_behavior(behavior).map_err(LedgerError::from)?;
        let outcome = act(&transaction);
        match (end(transaction, outcome.is_ok()), outcome) {
            (Ok(()), outcome) => {
                self.connection = Some(connection);
                outcome
            }
            (Err(_), Err(cause)) => Err(cause),
            (Err(error), Ok(_)) => Err(error.into()),
        }
    }

    /// The next act opens the file again.
    pub fn close(&mut self) {
        self.connection = None;
    }
}

/// A transaction that the database has undone by itself is not there any more; statements after that stood alone.
fn end(transaction: Transaction, succeeded: bool) -> Result<(), LedgerError> {
    if transaction.is_autocommit() {
        return Err(LedgerError::Undone);
    }
    Ok(if succeeded { transaction.commit() } else { transaction.rollback() }?)
}

fn connect(file: &Path) -> Result<Connection, LedgerError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(FILE_LOCKED_FOR)?;
    connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
    match connection.pragma_query_value(None, "user_version", |row| row.get(0))? {
        0 => {
            connection.execute_batch(include_str!("schema.sql"))?;
            connection.pragma_update(None, "user_version", VERSION)?;
        }
        VERSION => {}
        _ => return Err(LedgerError::OtherVersion),
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database in memory, with a table in which each number stands once.
    fn database() -> Database {
        let mut database = Database::open(Path::new(":memory:")).unwrap();
        database.run(TransactionBehavior::Immediate, |tx| execute(tx, "CREATE TABLE t (n INTEGER UNIQUE)")).unwrap();
        database
    }

    fn execute(tx: &Transaction, sql: &str) -> Result<(), LedgerError> {
        Ok(tx.execute_batch(sql)?)
    }

    fn count(database: &mut Database) -> Result<i64, LedgerError> {
        database.run(TransactionBehavior::Deferred, |tx| Ok(tx.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?))
    }

    #[test]
    fn an_act_that_fails_changes_nothing_and_keeps_the_connection() {
        let mut database = database();
        let failed = database.run(TransactionBehavior::Immediate, |tx| {
            execute(tx, "INSERT INTO t VALUES (1)")?;
            execute(tx, "INSERT INTO t VALUES (1)")
        });
        assert!(matches!(failed, Err(LedgerError::Database(_))));
        assert_eq!(count(&mut database).unwrap(), 0);
    }

    #[test]
    fn after_a_transaction_that_the_database_undid_the_file_is_opened_anew() {
        let mut database = database();
        // An act that overlooks the error goes on outside of any transaction.
        let undone = database.run(TransactionBehavior::Immediate, |tx| {
            let _ = execute(tx, "INSERT OR ROLLBACK INTO t VALUES (1), (1)");
            execute(tx, "INSERT INTO t VALUES (2)")
        });
        assert!(matches!(undone, Err(LedgerError::Undone)));
        // What is opened anew in memory is empty.
        assert!(count(&mut database).unwrap_err().to_string().contains("no such table"));
    }

    #[test]
    fn an_act_that_panics_changes_nothing_and_the_next_one_is_done() {
        let folder = std::env::temp_dir().join(format!("storefront-ledger-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut database = Database::open(&folder.join("panic.db")).unwrap();
        database.run(TransactionBehavior::Immediate, |tx| execute(tx, "CREATE TABLE t (n INTEGER)")).unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            database.run(TransactionBehavior::Immediate, |tx| -> Result<(), LedgerError> {
                execute(tx, "INSERT INTO t VALUES (1)")?;
                panic!("as a fault in an act would");
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(count(&mut database).unwrap(), 0);
        database.run(TransactionBehavior::Immediate, |tx| execute(tx, "INSERT INTO t VALUES (2)")).unwrap();
        assert_eq!(count(&mut database).unwrap(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}

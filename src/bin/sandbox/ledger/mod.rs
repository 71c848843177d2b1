//! What the sandbox remembers: payments, operations, callbacks and their attempts, in one SQLite file.
//! All SQL is in this folder. Whoever writes takes the write lock first, so a decision is made by one only.

pub mod callbacks;
pub mod changes;
pub mod operations;
pub mod payments;
pub mod register;
pub mod settings;

use std::{io, path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// The data file, opened.
#[derive(Debug)]
pub struct Ledger {
    pool: SqlitePool,
}

/// Why the data file did not serve.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the folder of the data file cannot be made: {0}")]
    Folder(#[from] io::Error),
    #[error("the data file: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the data file was written by another version of the sandbox; remove it to start anew")]
    OtherVersion,
    #[error("the data file holds a {0} that makes no sense")]
    Senseless(&'static str),
}

/// Grows with every change to `schema.sql`.
const VERSION: i64 = 3;

impl Ledger {
    /// Opens the data file; makes it, and its folder, if missing.
    pub async fn open(file: &Path) -> Result<Self, LedgerError> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        match sqlx::query_scalar("PRAGMA user_version").fetch_one(&pool).await? {
            0 | VERSION => {}
            _ => return Err(LedgerError::OtherVersion),
        }
        sqlx::raw_sql(include_str!("schema.sql")).execute(&pool).await?;
        sqlx::raw_sql("PRAGMA user_version = 3").execute(&pool).await?;
        Ok(Self { pool })
    }

    /// A connection to look things up with.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>, LedgerError> {
        Ok(self.pool.acquire().await?)
    }

    /// A transaction that holds the write lock from its start. Dropped without commit, it changed nothing.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>, LedgerError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Forgets everything. Numbers go on growing, so nothing old can be taken for something new.
    pub async fn clear(&self) -> Result<(), LedgerError> {
        let mut write = self.write().await?;
        sqlx::raw_sql("DELETE FROM payment; DELETE FROM setting").execute(&mut *write).await?;
        Ok(write.commit().await?)
    }

    /// Waits until everything is written.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn integer(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| LedgerError::Senseless("number above 63 bits"))
}

//! What the sandbox remembers: payments, operations, callbacks and their attempts, in one SQLite file.
//! All SQL is in this folder. One connection does one act after the other, each of them one transaction.

pub mod callbacks;
pub mod changes;
mod database;
pub mod operations;
pub mod payments;
pub mod questions;
pub mod register;
mod rows;
pub mod settings;

use std::{io, path::Path, sync::Arc};

pub use rusqlite::Transaction;
use rusqlite::TransactionBehavior;
use tokio::{sync::Mutex, task::spawn_blocking};

use self::database::Database;

/// The data file, opened.
#[derive(Debug)]
pub struct Ledger {
    database: Arc<Mutex<Database>>,
}

/// Why the data file did not serve.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the folder of the data file cannot be made: {0}")]
    Folder(#[from] io::Error),
    #[error("the data file: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the database undid a transaction by itself")]
    Undone,
    #[error("the data file was written by another version of the sandbox; remove it to start anew")]
    OtherVersion,
    #[error("the data file holds a {0} that makes no sense")]
    Senseless(&'static str),
    #[error("an act broke off")]
    BrokeOff,
}

impl LedgerError {
    /// Whether the same may succeed a moment later: a full disk has room again, a locked file is let go.
    pub fn may_pass(&self) -> bool {
        matches!(self, LedgerError::Database(_) | LedgerError::Undone)
    }
}

impl Ledger {
    /// Opens the data file; makes it, and its folder, if missing.
    pub fn open(file: &Path) -> Result<Self, LedgerError> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Self { database: Arc::new(Mutex::new(Database::open(file)?)) })
    }

    /// Decides something in one transaction, which holds the write lock from its start. An act that refuses or fails
    /// changed nothing; one that began goes on to its end even if whoever asked goes away.
    pub async fn decide<T, E>(&self, act: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        self.run(TransactionBehavior::Immediate, act).await
    }

    /// Looks things up, all of them as they are at one moment.
    pub async fn look<T, E>(&self, look: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        self.run(TransactionBehavior::Deferred, look).await
    }

    /// One at a time, in the order they came, on a thread that may wait for the disk.
    async fn run<T, E>(
        &self,
        behavior: TransactionBehavior,
        act: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let mut database = Arc::clone(&self.database).lock_owned().await;
        spawn_blocking(move || database.run(behavior, act)).await.unwrap_or_else(|_| Err(LedgerError::BrokeOff.into()))
    }

    /// Forgets everything. Numbers go on growing, so nothing old can be taken for something new.
    pub async fn clear(&self) -> Result<(), LedgerError> {
        self.decide(|tx| Ok(tx.execute_batch("DELETE FROM payment; DELETE FROM question; DELETE FROM setting")?)).await
    }

    /// Waits until everything is written.
    pub async fn close(&self) {
        self.database.lock().await.close();
    }
}

//! What the sandbox remembers: payments, operations, callbacks and their attempts, in one SQLite file.
//! All SQL is in this folder. One connection does one act after the other, each of them one transaction.

pub mod callbacks;
pub mod changes;
pub mod control;
mod database;
pub mod error;
pub mod operations;
pub mod payments;
pub mod questions;
pub mod register;
mod rows;

use std::{path::Path, sync::Arc};

pub use rusqlite::Transaction;
use rusqlite::TransactionBehavior;
use tokio::{sync::Mutex, task::spawn_blocking};

use self::{database::Database, error::LedgerError};

/// The data file, opened.
#[derive(Debug)]
pub struct Ledger {
    database: Arc<Mutex<Database>>,
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
    /// changed nothing; one that began goes on to its end even if the caller goes away.
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
        spawn_blocking(move || database.run(behavior, act)).await.unwrap_or_else(|_| Err(LedgerError::Panicked.into()))
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

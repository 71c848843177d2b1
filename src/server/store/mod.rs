//! Everything the shop remembers, and all of its SQL. One method is one decision in one transaction.
//!
//! SQLite with a write-ahead log and full synchronisation: what was committed survives a power cut.
//! Writers queue for one connection and begin IMMEDIATE, so a decision never fails halfway for a lock.

mod acts;
mod api_tokens;
mod batch_acts;
mod batch_checks;
mod batch_repeats;
mod batch_rows;
mod batch_runs;
mod batches;
mod books;
mod callback_journal;
mod callbacks;
pub mod carts;
mod cases;
mod customers;
mod differences;
mod generated;
mod inquiries;
mod listing;
mod operators;
mod order_files;
mod orders;
mod payments;
mod payout_list;
mod payouts;
mod payouts_heard;
mod reconciliation;
mod reconciliations;
mod refunds;
mod refunds_heard;
mod refused_callbacks;
mod registry;
mod reports;
mod sales;
mod sessions;
mod stock;

use std::{
    fs::{OpenOptions, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Pool, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use acts::Act;
pub use batch_acts::{BatchError, Started};
pub use batch_rows::Beside;
pub use batch_runs::{MOST_TO_SEND, Ran};
pub use batches::{FileDigest, RowsOf, UploadError};
pub use callback_journal::CallbackFilter;
pub use callbacks::{Incoming, Reading, Recorded};
pub use cases::{Case, CaseError};
pub use inquiries::{Inquiry, Matter};
pub use operators::{Attempt, Credentials, MostAttempts, OperatorError};
pub use payments::{Attempted, NewOrder};
pub use payout_list::{PayoutFilter, PayoutTotal};
pub use payouts::PayoutError;
pub use reconciliations::Tried;
pub use refunds::{AskError, Asker, ToSend};
pub use refused_callbacks::{RefusedCallback, RefusedRow};
pub use registry::ListError;
pub use reports::{
    DeclinedAttempt, MoneyRow, Movement, MovementTotals, Movements, OrdersRow, ReportRows, Seen, Span, Stretch, UnfinishedRow,
};
pub use sessions::Sessions;

#[derive(Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot do it now: locked too long, disk full, gone. Nothing changed; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(#[from] sqlx::Error),
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that cannot be what it should be.
    #[error("a stored {0} is not readable")]
    Inconsistent(&'static str),
    #[error("DATABASE_URL is not an address this shop understands (sqlite://path)")]
    UnknownDatabase,
}

/// Makes file and folder, readable by nobody else: it holds names, addresses and what opens orders.
fn make_private(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).append(true).open(file)?;
    file.set_permissions(Permissions::from_mode(0o600))
}

/// How long a request waits for its turn to write before it gives up with [`StoreError::Unavailable`].
const TURN: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the database, making file and folder if there are none, and applies what migrations are missing.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(address)
            .map_err(|_| StoreError::UnknownDatabase)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(TURN);
        make_private(options.get_filename()).map_err(sqlx::Error::from)?;
        let pool = |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(TURN);
        let writer = pool(1).connect_with(options.clone()).await?;
        sqlx::migrate!("src/server/store/migrations").run(&writer).await?;
        let readers = pool(4).connect_with(options.read_only(true)).await?;
        let store = Self { writer, readers };
        registry::bring_up_to_date(&store).await?;
        Ok(store)
    }

    /// Proves that the database can be written now. Nothing of it stays.
    pub async fn prove_writable(&self, now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO readiness (id, checked_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET checked_at = ?1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        Ok(tx.rollback().await?)
    }

    /// Finishes what is under way and closes the files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    fn reading(&self) -> &Pool<Sqlite> {
        &self.readers
    }
}

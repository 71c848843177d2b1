//! The database file, seen from beside: what the shop wrote down.

use std::{path::Path, time::Duration};

use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

pub struct Journal(SqlitePool);

/// A callback that was written down.
#[derive(Debug, sqlx::FromRow)]
pub struct Entry {
    pub body: Vec<u8>,
    pub verdict: String,
    pub deliveries: i64,
}

impl Journal {
    pub async fn open(file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        Self(SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the shop's database"))
    }

    pub async fn entries(&self) -> Vec<Entry> {
        let all = sqlx::query_as("SELECT body, verdict, deliveries FROM callbacks ORDER BY id");
        all.fetch_all(&self.0).await.expect("callbacks")
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &'static str) -> i64 {
        let count = match table {
            "orders" => "SELECT COUNT(*) FROM orders",
            "attempts" => "SELECT COUNT(*) FROM attempts",
            "inquiries" => "SELECT COUNT(*) FROM inquiries",
            "batches" => "SELECT COUNT(*) FROM batches",
            "batch_rows" => "SELECT COUNT(*) FROM batch_rows",
            "batch rows that were run" => "SELECT COUNT(*) FROM batch_rows WHERE state NOT IN ('ready', 'refused')",
            "batch rows that were answered" => "SELECT COUNT(*) FROM batch_rows WHERE state IN ('pending', 'done', 'declined')",
            "batch rows to be sent" => "SELECT COUNT(*) FROM batch_rows WHERE state IN ('ready', 'stored', 'sending')",
            other => panic!("no one counts {other}"),
        };
        let (count,): (i64,) = sqlx::query_as(count).fetch_one(&self.0).await.expect("a count");
        count
    }

    /// Where the customers' browsers were, oldest order first.
    pub async fn customer_addresses(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT ip_address FROM orders ORDER BY id").fetch_all(&self.0).await.expect("addresses")
    }

    /// What the shop remembers of customers' last names, oldest order first.
    pub async fn last_names(&self) -> Vec<Option<String>> {
        sqlx::query_scalar("SELECT last_name FROM orders ORDER BY id").fetch_all(&self.0).await.expect("names")
    }

    /// Rows of files that were written down and have no end yet, by their places.
    pub async fn batch_rows_on_their_way(&self) -> Vec<i64> {
        let rows = sqlx::query_scalar("SELECT position FROM batch_rows WHERE state IN ('stored', 'sending', 'unknown')");
        rows.fetch_all(&self.0).await.expect("rows")
    }

    pub async fn is_whole(&self) -> bool {
        let (said,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&self.0).await.expect("a check");
        said == "ok"
    }
}

/// Another writer that keeps the database to itself.
pub struct Lock(SqliteConnection);

impl Lock {
    pub async fn take(file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(30));
        let mut connection = SqliteConnection::connect_with(&options).await.expect("the shop's database");
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.expect("the lock");
        Self(connection)
    }

    pub async fn release(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.expect("the end");
    }
}

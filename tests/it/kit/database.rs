//! The database file, seen from beside: what the shop wrote down.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, Row, types::FromSql};

use crate::kit::Folder;

pub struct Journal(Connection);

/// A callback that was written down.
#[derive(Debug)]
pub struct Entry {
    pub body: Vec<u8>,
    pub verdict: String,
    pub deliveries: i64,
}

impl Journal {
    pub async fn open(file: &Path) -> Self {
        Self(Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the shop's database"))
    }

    pub async fn entries(&self) -> Vec<Entry> {
        let entry = |row: &Row| Ok(Entry { body: row.get(0)?, verdict: row.get(1)?, deliveries: row.get(2)? });
        self.all("SELECT body, verdict, deliveries FROM callbacks ORDER BY id", entry)
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &'static str) -> i64 {
        let count = match table {
            "orders" => "SELECT COUNT(*) FROM orders",
            "attempts" => "SELECT COUNT(*) FROM attempts",
            "questions" => "SELECT COUNT(*) FROM questions",
            "batches" => "SELECT COUNT(*) FROM batches",
            "batch_rows" => "SELECT COUNT(*) FROM batch_rows",
            "batch rows that were run" => "SELECT COUNT(*) FROM batch_rows WHERE state NOT IN ('ready', 'refused')",
            "batch rows that were answered" => "SELECT COUNT(*) FROM batch_rows WHERE state IN ('pending', 'done', 'declined')",
            "batch rows to be sent" => "SELECT COUNT(*) FROM batch_rows WHERE state IN ('ready', 'stored', 'sending')",
            other => panic!("no one counts {other}"),
        };
        self.each(count).pop().expect("a count")
    }

    /// Where the customers' browsers were, oldest order first.
    pub async fn customer_addresses(&self) -> Vec<Option<String>> {
        self.each("SELECT ip_address FROM orders ORDER BY id")
    }

    /// What the shop remembers of customers' last names, oldest order first.
    pub async fn last_names(&self) -> Vec<Option<String>> {
        self.each("SELECT last_name FROM orders ORDER BY id")
    }

    /// Rows of files that were written down and have no end yet, by their places.
    pub async fn batch_rows_on_their_way(&self) -> Vec<i64> {
        self.each("SELECT position FROM batch_rows WHERE state IN ('stored', 'sending', 'unknown')")
    }

    pub async fn is_whole(&self) -> bool {
        self.each::<String>("PRAGMA integrity_check") == ["ok"]
    }

    /// The only column of all rows.
    fn each<T: FromSql>(&self, sql: &str) -> Vec<T> {
        self.all(sql, |row| row.get(0))
    }

    fn all<T>(&self, sql: &str, read: impl FnMut(&Row) -> rusqlite::Result<T>) -> Vec<T> {
        let mut statement = self.0.prepare(sql).expect(sql);
        statement.query_map([], read).and_then(Iterator::collect).expect(sql)
    }
}

/// Another writer that keeps the database to itself.
pub struct Lock(Connection);

impl Lock {
    pub async fn take(file: &Path) -> Self {
        let connection = writer(file);
        connection.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        Self(connection)
    }

    pub async fn release(self) {
        self.0.execute_batch("ROLLBACK").expect("the end");
    }
}

/// Changes the shop's database as somebody with the file in hand, past the shop: for what no request could bring about. How
/// many rows the last statement changed, or why the database refused.
pub fn by_hand(folder: &Folder, sql: &str) -> Result<u64, String> {
    let connection = writer(&folder.path("shop.db"));
    connection.execute_batch(sql).map_err(|refused| refused.to_string())?;
    Ok(connection.changes())
}

fn writer(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("the shop's database");
    connection.busy_timeout(Duration::from_secs(30)).expect("patience");
    connection
}

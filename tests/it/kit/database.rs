//! The shop's database, for what cannot be brought about or seen from outside: another writer, rows that no request could
//! write, rows of batches that no page shows.

use std::{fs, str::FromStr, time::Duration};

use rusqlite::{Connection, OpenFlags, types::FromSql};

use crate::kit::{Folder, postgres};

/// Another writer that keeps the database to itself.
pub enum Lock {
    File(Connection),
    Server(postgres::Session),
}

impl Lock {
    pub async fn take(folder: &Folder) -> Self {
        if let Some(database) = folder.database_on_server() {
            return Self::Server(postgres::Session::that_locks(&database));
        }
        let connection = connection(folder);
        connection.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        Self::File(connection)
    }

    pub async fn release(self) {
        match self {
            Self::File(connection) => connection.execute_batch("ROLLBACK").expect("the end"),
            Self::Server(session) => drop(session),
        }
    }
}

/// Changes the database as somebody with the file in hand, past the shop: for what no request could bring about. How many rows the
/// last statement changed, or why the database refused.
pub fn by_hand(folder: &Folder, sql: &str) -> Result<u64, String> {
    if let Some(database) = folder.database_on_server() {
        return postgres::run(&database, sql);
    }
    let connection = connection(folder);
    connection.execute_batch(sql).map_err(|refused| refused.to_string())?;
    Ok(connection.changes())
}

/// Rows of files, in the moments between which a shop is killed: no page shows them then.
pub struct BatchRows {
    pub to_be_sent: usize,
    /// Those that were begun, or are over.
    pub run: usize,
    /// Those that were written down and have no end yet, by their places.
    pub on_their_way: Vec<i64>,
}

impl Folder {
    /// Whether these bytes stand in the database, or in what it has yet to take over.
    pub fn database_holds(&self, wanted: impl AsRef<[u8]>) -> bool {
        let wanted = wanted.as_ref();
        // A server shows bytes that are no text so.
        let digits: String = wanted.iter().map(|byte| format!("{byte:02x}")).collect();
        let all = self.written().concat();
        let holds = |wanted: &[u8]| all.windows(wanted.len()).any(|part| part == wanted);
        holds(wanted) || holds(digits.as_bytes())
    }

    /// All that is written in the database.
    pub fn written(&self) -> [Vec<u8>; 2] {
        match self.database_on_server() {
            Some(database) => [postgres::dump(&database).into_bytes(), Vec::new()],
            None => ["shop.db", "shop.db-wal"].map(|file| fs::read(self.path(file)).unwrap_or_default()),
        }
    }

    /// Whether the database's own check finds nothing wrong.
    pub fn database_is_whole(&self) -> bool {
        self.database_on_server().is_some() || each::<String>(&looked_at(self), "PRAGMA integrity_check") == ["ok"]
    }

    /// At once, what other shops on a server notice after eleven seconds. A file has one shop.
    pub fn killed_shops_count_as_gone(&self) {
        if let Some(database) = self.database_on_server() {
            postgres::run(&database, "DELETE FROM shops").expect("no shops");
        }
    }

    /// Files and their rows, those included that are still read in and on no page.
    pub fn stored_batch_rows(&self) -> (usize, usize) {
        (self.each::<i64>("SELECT id FROM batches").len(), self.each::<i64>("SELECT position FROM batch_rows").len())
    }

    pub fn batch_rows(&self) -> BatchRows {
        let states: Vec<String> = self.each("SELECT state FROM batch_rows");
        let among = |wanted: &[&str]| states.iter().filter(|state| wanted.contains(&state.as_str())).count();
        BatchRows {
            to_be_sent: among(&["ready", "stored", "sending"]),
            run: states.len() - among(&["ready", "refused"]),
            on_their_way: self.each("SELECT position FROM batch_rows WHERE state IN ('stored', 'sending', 'unknown')"),
        }
    }

    /// The only column of all rows.
    fn each<T: FromSql + FromStr>(&self, sql: &str) -> Vec<T> {
        match self.database_on_server() {
            Some(database) => postgres::rows(&database, sql).iter().filter_map(|row| row.parse().ok()).collect(),
            None => each(&looked_at(self), sql),
        }
    }
}

fn connection(folder: &Folder) -> Connection {
    let connection = Connection::open(folder.path("shop.db")).expect("the shop's database");
    connection.busy_timeout(Duration::from_secs(30)).expect("patience");
    connection
}

/// To look alone: it leaves the file as a killed shop left it.
fn looked_at(folder: &Folder) -> Connection {
    let connection = Connection::open_with_flags(folder.path("shop.db"), OpenFlags::SQLITE_OPEN_READ_ONLY);
    connection.expect("the shop's database")
}

/// The only column of all rows.
fn each<T: FromSql>(connection: &Connection, sql: &str) -> Vec<T> {
    let mut statement = connection.prepare(sql).expect(sql);
    statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect(sql)
}

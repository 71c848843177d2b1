//! SQLite: one thread writes, some read. What was committed survives a power cut.
//!
//! The writer takes all decisions that wait and makes them durable by one commit; only then are they answered. A decision that
//! refuses takes back what it wrote, and nobody else's. If the commit fails, all of them fail.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use metrics::{Histogram, histogram};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::{
    decision::{Decision, Look},
    error::StoreError,
    tx::Tx,
};

/// Decisions that may wait for the writer, and looks that may wait for a reader; further ones are turned away at once.
const WAITING: usize = 1_024;
/// Decisions that share a commit.
const SHARE_A_COMMIT: usize = 64;
const READERS: usize = 4;
/// How long the writer waits for another process that writes.
const TURN: Duration = Duration::from_secs(5);
/// Statements each connection keeps prepared: more than the shop has.
const PREPARED: usize = 512;

/// Pages in memory, in KiB (as SQLite has it, below zero): the writer's are those that most decisions touch; a reader's may be
/// found in the files' own cache again.
const WRITER_CACHE: i64 = -4_096;
const READER_CACHE: i64 = -1_024;
/// Pages of the log after which they are copied into the database. Those that many decisions touch are copied once.
const CHECKPOINT_PAGES: i64 = 8_000;

/// The queues of the threads that own the connections. The threads end when it is dropped.
pub struct Sqlite {
    decisions: Sender<Box<dyn Decision>>,
    looks: Sender<Look>,
    /// Whether the last commit succeeded.
    commits: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Sqlite {
    /// Opens the file, makes it if it is missing, and lets `prepare` bring it up to date.
    pub fn open(file: &Path, prepare: impl FnOnce(&mut Connection) -> Result<(), StoreError>) -> Result<Self, StoreError> {
        let mut writer = connect(file, Access::Write)?;
        prepare(&mut writer)?;
        let (decisions, waiting) = mpsc::channel(WAITING);
        let path = file.to_owned();
        let commits = Arc::new(AtomicBool::new(true));
        let committed = commits.clone();
        let sizes = histogram!("decisions_per_commit");
        let mut threads = vec![named("writer", move || write(&path, writer, waiting, &committed, &sizes))?];
        let looks = readers(file, &mut threads)?;
        Ok(Self { decisions, looks, commits, threads })
    }

    /// Opens a file that is there. Nothing is decided.
    pub fn open_to_look(file: &Path) -> Result<Self, StoreError> {
        if !file.exists() {
            return Err(StoreError::NotThere(file.to_owned()));
        }
        connect(file, Access::Read)?.query_row("SELECT count(*) FROM sqlite_master", (), |_| Ok(()))?;
        let mut threads = Vec::new();
        let looks = readers(file, &mut threads)?;
        // Whoever would decide is turned away: nobody is at the other end.
        Ok(Self { decisions: mpsc::channel(1).0, looks, commits: Arc::new(AtomicBool::new(false)), threads })
    }

    /// `false`: too many wait, or the store is closed.
    pub fn decide(&self, decision: Box<dyn Decision>) -> bool {
        self.decisions.try_send(decision).is_ok()
    }

    /// `false`: too many wait, or the store is closed.
    pub fn look(&self, look: Look) -> bool {
        self.looks.try_send(look).is_ok()
    }

    /// Whether a decision would be taken now, and the last one could be made durable.
    pub fn can_write(&self) -> bool {
        self.commits.load(Ordering::Relaxed) && self.decisions.capacity() > 0
    }

    /// How many decisions, and how many looks, wait for a thread.
    pub fn waiting(&self) -> (usize, usize) {
        (WAITING - self.decisions.capacity(), WAITING - self.looks.capacity())
    }

    /// Finishes what waits and closes the file. It blocks.
    pub fn close(self) {
        let Self { decisions, looks, threads, .. } = self;
        drop((decisions, looks));
        for thread in threads {
            let _ = thread.join(); // a thread that panicked has nothing more to finish
        }
    }
}

fn readers(file: &Path, threads: &mut Vec<thread::JoinHandle<()>>) -> io::Result<Sender<Look>> {
    let (looks, waiting) = mpsc::channel(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..READERS {
        let (path, waiting) = (file.to_owned(), waiting.clone());
        threads.push(named("reader", move || read(&path, &waiting))?);
    }
    Ok(looks)
}

fn named(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

pub fn connect(file: &Path, access: Access) -> rusqlite::Result<Connection> {
    let flags = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(TURN)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", if access == Access::Write { WRITER_CACHE } else { READER_CACHE })?;
    if access == Access::Write {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What a savepoint would take back is kept in memory instead of a file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        // Or a statement that might use a partial index is planned anew with each of its values.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    }
    Ok(connection)
}

fn write(file: &Path, writer: Connection, mut waiting: Receiver<Box<dyn Decision>>, commits: &AtomicBool, sizes: &Histogram) {
    let mut writer = Some(writer);
    while let Some(first) = waiting.blocking_recv() {
        let mut together = vec![first];
        while together.len() < SHARE_A_COMMIT
            && let Ok(next) = waiting.try_recv()
        {
            together.push(next);
        }
        let connection = writer.take().map_or_else(|| connect(file, Access::Write), Ok);
        let committed = connection.and_then(|connection| {
            let committed = commit_together(&connection, &mut together);
            // Nothing can be built on one that rolled back by itself, or does not roll back.
            writer = committed.is_ok().then_some(connection);
            committed
        });
        commits.store(committed.is_ok(), Ordering::Relaxed);
        match committed {
            Ok(()) => {
                sizes.record(u32::try_from(together.len()).unwrap_or(u32::MAX));
                together.into_iter().for_each(|decision| decision.answer());
            }
            Err(error) => {
                tracing::error!(%error, decisions = together.len(), "nothing could be written");
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) {
                    // Those that came meanwhile have waited as long.
                    while waiting.try_recv().is_ok() {}
                }
            }
        }
    }
}

/// Most decisions are kept, so a savepoint for each would be wasted. Only if one takes back what it wrote, all of them are run
/// again, with savepoints.
fn commit_together(connection: &Connection, decisions: &mut [Box<dyn Decision>]) -> rusqlite::Result<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    if are_all_kept(connection, decisions)? {
        return execute(connection, "COMMIT");
    }
    execute(connection, "ROLLBACK")?;
    if decisions.len() == 1 {
        return Ok(());
    }
    execute(connection, "BEGIN IMMEDIATE")?;
    // What was written and taken back would be written again as it was.
    let end = if run_apart(connection, decisions)? { "COMMIT" } else { "ROLLBACK" };
    execute(connection, end)
}

/// Runs them until what one of them wrote is not to be kept. Error: SQLite rolled back all of it by itself, as on a full disk.
fn are_all_kept(connection: &Connection, decisions: &mut [Box<dyn Decision>]) -> rusqlite::Result<bool> {
    for decision in decisions {
        let changes = connection.total_changes();
        let is_kept = decision.run(&mut Tx::Sqlite(connection));
        if connection.is_autocommit() {
            // The next one must not write without a transaction; this says why there is none.
            return execute(connection, "COMMIT").map(|()| false);
        }
        if !is_kept && connection.total_changes() != changes {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Each in its own savepoint. False: nothing that was written is to be kept.
fn run_apart(connection: &Connection, decisions: &mut [Box<dyn Decision>]) -> rusqlite::Result<bool> {
    let mut keeps_something = false;
    for decision in decisions {
        execute(connection, "SAVEPOINT decision")?;
        let changes = connection.total_changes();
        match decision.run(&mut Tx::Sqlite(connection)) {
            true => keeps_something |= connection.total_changes() != changes,
            false => execute(connection, "ROLLBACK TO decision")?,
        }
        // Fails where SQLite rolled back all of it by itself.
        execute(connection, "RELEASE decision")?;
    }
    Ok(keeps_something)
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(()).map(|_| ())
}

fn read(file: &Path, waiting: &Mutex<Receiver<Look>>) {
    let mut reader = None;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(look) = next else { return };
        let connection = match reader.take().map_or_else(|| connect(file, Access::Read), Ok) {
            Ok(connection) => connection,
            Err(error) => {
                tracing::error!(%error, "the database cannot be opened");
                continue; // the caller is answered that nobody looked
            }
        };
        match look_once(&connection, look) {
            Ok(()) => reader = Some(connection),
            Err(error) => tracing::error!(%error, "nothing could be read"),
        }
    }
}

/// All statements of a look see the database at one moment.
fn look_once(connection: &Connection, look: Look) -> rusqlite::Result<()> {
    execute(connection, "BEGIN")?;
    // A panic must not end the reader: there are few. The caller is answered that nobody looked.
    if catch_unwind(AssertUnwindSafe(|| look(&mut Tx::Sqlite(connection)))).is_err() {
        tracing::error!("a look panicked");
    }
    execute(connection, "COMMIT")
}

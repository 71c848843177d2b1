//! SQLite: one thread writes, some read. What was committed survives a power cut.
//!
//! The writer takes all decisions that wait, each in its own savepoint, and makes them durable by one commit; only then are
//! they answered. A decision that refuses takes back what it wrote, and nobody else's. If the commit fails, all of them fail.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::tx::{SqlError, Tx};

/// Decisions that may wait for the writer, and looks that may wait for a reader; further ones are turned away at once.
const WAITING: usize = 1_024;
/// Decisions that share a commit.
const SHARE_A_COMMIT: usize = 64;
const READERS: usize = 4;
/// How long the writer waits for another process that writes.
const TURN: Duration = Duration::from_secs(5);
/// Statements each connection keeps prepared: more than the shop has.
const PREPARED: usize = 512;

/// A decision on its way to the writer. Dropped without an answer, it was not kept.
pub trait Decision: Send {
    /// Tells whether what it wrote is to be kept. It may be run again.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// What was kept is durable.
    fn answer(self: Box<Self>);
}

/// A look on its way to a reader.
pub type Look = Box<dyn FnOnce(&mut Tx<'_>) + Send>;

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
    pub fn open<E: From<SqlError>>(file: &Path, prepare: impl FnOnce(&mut Connection) -> Result<(), E>) -> Result<Self, E> {
        let mut writer = connect(file, Access::Write).map_err(SqlError::from)?;
        prepare(&mut writer)?;
        let (decisions, waiting) = mpsc::channel(WAITING);
        let path = file.to_owned();
        let commits = Arc::new(AtomicBool::new(true));
        let committed = commits.clone();
        let mut threads = vec![thread::spawn(move || write(&path, writer, waiting, &committed))];
        let (looks, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..READERS {
            let (path, waiting) = (file.to_owned(), waiting.clone());
            threads.push(thread::spawn(move || read(&path, &waiting)));
        }
        Ok(Self { decisions, looks, commits, threads })
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

    /// Finishes what waits and closes the file. It blocks.
    pub fn close(self) {
        let Self { decisions, looks, threads, .. } = self;
        drop((decisions, looks));
        for thread in threads {
            let _ = thread.join(); // a thread that panicked has nothing more to finish
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

fn connect(file: &Path, access: Access) -> rusqlite::Result<Connection> {
    let flags = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(TURN)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.pragma_update(None, "foreign_keys", true)?;
    if access == Access::Write {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    Ok(connection)
}

fn write(file: &Path, writer: Connection, mut waiting: Receiver<Box<dyn Decision>>, commits: &AtomicBool) {
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
            Ok(()) => together.into_iter().for_each(|decision| decision.answer()),
            Err(error) => {
                tracing::error!(%error, decisions = together.len(), "nothing could be written");
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) {
                    // Whoever came meanwhile waited as long.
                    while waiting.try_recv().is_ok() {}
                }
            }
        }
    }
}

fn commit_together(connection: &Connection, decisions: &mut [Box<dyn Decision>]) -> rusqlite::Result<()> {
    let run = |sql| connection.prepare_cached(sql)?.execute(()).map(|_| ());
    run("BEGIN IMMEDIATE")?;
    for decision in decisions {
        run("SAVEPOINT decision")?;
        let keeps = decision.run(&mut Tx::of(connection));
        if !keeps {
            run("ROLLBACK TO decision")?;
        }
        // Fails where SQLite rolled back all of it by itself, as on a full disk.
        run("RELEASE decision")?;
    }
    run("COMMIT")
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
                continue; // whoever asked hears that nobody looked
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
    let run = |sql| connection.prepare_cached(sql)?.execute(()).map(|_| ());
    run("BEGIN")?;
    // A panic must not take the reader along: there are few, and whoever looked hears that nobody answered.
    if catch_unwind(AssertUnwindSafe(|| look(&mut Tx::of(connection)))).is_err() {
        tracing::error!("a look panicked");
    }
    run("COMMIT")
}

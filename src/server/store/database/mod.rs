//! The shop's database: deciding, and looking.
//!
//! - [`migrations`]: its tables, step by step; [`schema`]: what they come to; [`age`]: how far a database was brought
//! - [`backup`]: a copy of a file; [`moving`]: from a file to a server; `wholeness`: whether anything is broken

pub mod age;
pub mod backup;
pub mod migrations;
pub mod moving;
mod schema;
mod wholeness;

use std::{
    fs::{OpenOptions, Permissions},
    os::unix::fs::PermissionsExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::oneshot;
use tracing::Span;

use crate::server::store::{
    about::About,
    engine::{Counts, Decision, Postgres, Sqlite, Tx, counts::Asked, decision::Look, params, postgres},
};

pub use crate::server::store::engine::StoreError;

/// The shop's database.
#[derive(Clone)]
pub struct Store {
    /// `None` once it is closed.
    engine: Arc<RwLock<Option<Engine>>>,
    counts: Arc<Counts>,
}

/// Chosen by the address of the database when the shop starts.
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database and applies what migrations are missing. Of SQLite, makes file and folder if there are none.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let address = address.to_owned();
        // Connecting blocks.
        let opened = tokio::task::spawn_blocking(move || Engine::open(&address)).await;
        let engine = opened.unwrap_or(Err(StoreError::NotNow))?;
        Ok(Self { engine: Arc::new(RwLock::new(Some(engine))), counts: Arc::new(Counts::at_zero()) })
    }

    /// Opens a database that is there, to look at it alone: it is not even brought up to date.
    pub async fn open_to_look(address: &str) -> Result<Self, StoreError> {
        let address = address.to_owned();
        let opened = tokio::task::spawn_blocking(move || Engine::open_to_look(&address)).await;
        let engine = opened.unwrap_or(Err(StoreError::NotNow))?;
        Ok(Self { engine: Arc::new(RwLock::new(Some(engine))), counts: Arc::new(Counts::at_zero()) })
    }

    /// Runs a decision and answers once it is durable. An error takes back what it wrote. A decision may be run more than once: it
    /// has no effect but what it writes, and uses neither clock nor chance.
    pub async fn decide<T, E>(
        &self,
        about: impl Into<Vec<About>>,
        decision: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let asked = self.counts.decisions.asked();
        let waiting = Box::new(Waiting { about: about.into(), decision, decided: None, answer, asked, asker: Span::current() });
        let taken = self.with(|engine| engine.decide(waiting));
        match taken {
            Some(true) => answered.await.unwrap_or_else(|_| Err(StoreError::NotNow.into())),
            _ => {
                self.counts.decisions.turned_away();
                Err(StoreError::NotNow.into())
            }
        }
    }

    /// Reads: all of it at one moment.
    pub async fn look<T, E>(&self, look: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (mut asked, asker) = (self.counts.looks.asked(), Span::current());
        let taken = self.with(|engine| {
            engine.look(Box::new(move |tx| {
                let _asker = asker.entered();
                let seen = look(tx);
                asked.done();
                let _ = answer.send(seen); // the caller may be gone
            }))
        });
        match taken {
            Some(true) => answered.await.unwrap_or_else(|_| Err(StoreError::NotNow.into())),
            _ => {
                self.counts.looks.turned_away();
                Err(StoreError::NotNow.into())
            }
        }
    }

    /// Whether decisions can be made durable, by what became of the last one. Asking writes nothing.
    pub fn can_write(&self) -> bool {
        self.with(Engine::can_write).unwrap_or(false)
    }

    /// How many decisions, and how many looks, wait for their turn.
    pub fn waiting(&self) -> (usize, usize) {
        self.with(Engine::waiting).unwrap_or_default()
    }

    /// Proves that the database can be written now, in the way callbacks are. It leaves nothing behind, unless the last commit
    /// failed: then only a commit can tell whether that is over.
    pub async fn prove_writable(&self, now: i64) -> Result<(), StoreError> {
        let stays = !self.can_write();
        let probe = move |tx: &mut Tx<'_>| {
            tx.execute(
                "INSERT INTO readiness (id, checked_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET checked_at = ?1",
                params![now],
            )?;
            if stays { Ok(()) } else { Err(Probe::Done) }
        };
        match self.decide(About::Itself, probe).await {
            Ok(()) | Err(Probe::Done) => Ok(()),
            Err(Probe::Failed(error)) => Err(error),
        }
    }

    /// Whether it is a server, that others may use, too.
    pub fn is_server(&self) -> bool {
        self.with(|engine| matches!(engine, Engine::Postgres(_))).unwrap_or(false)
    }

    /// Finishes what waits and closes the file.
    pub async fn close(&self) {
        let engine = self.engine.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(engine) = engine {
            let _ = tokio::task::spawn_blocking(|| engine.close()).await; // there is nothing to be done about a panic there
        }
    }

    fn with<T>(&self, use_it: impl FnOnce(&Engine) -> T) -> Option<T> {
        self.engine.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(use_it)
    }
}

impl Engine {
    fn open(address: &str) -> Result<Self, StoreError> {
        match Place::of(address)? {
            Place::File(file) => {
                make_private(file)?;
                Ok(Self::Sqlite(Sqlite::open(file, migrations::bring_up_to_date)?))
            }
            Place::Server(server) => Ok(Self::Postgres(Postgres::open(&server, migrations::bring_server_up_to_date)?)),
        }
    }

    fn open_to_look(address: &str) -> Result<Self, StoreError> {
        match Place::of(address)? {
            Place::File(file) => Ok(Self::Sqlite(Sqlite::open_to_look(file)?)),
            Place::Server(server) => Ok(Self::Postgres(Postgres::open(&server, |_| Ok(()))?)),
        }
    }

    fn decide(&self, decision: Box<dyn Decision>) -> bool {
        match self {
            Engine::Sqlite(sqlite) => sqlite.decide(decision),
            Engine::Postgres(postgres) => postgres.decide(decision),
        }
    }

    fn look(&self, look: Look) -> bool {
        match self {
            Engine::Sqlite(sqlite) => sqlite.look(look),
            Engine::Postgres(postgres) => postgres.look(look),
        }
    }

    fn can_write(&self) -> bool {
        match self {
            Engine::Sqlite(sqlite) => sqlite.can_write(),
            Engine::Postgres(postgres) => postgres.can_write(),
        }
    }

    fn waiting(&self) -> (usize, usize) {
        match self {
            Engine::Sqlite(sqlite) => sqlite.waiting(),
            Engine::Postgres(postgres) => postgres.waiting(),
        }
    }

    fn close(self) {
        match self {
            Engine::Sqlite(sqlite) => sqlite.close(),
            Engine::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Where an address leads.
pub enum Place<'a> {
    File(&'a Path),
    Server(Box<postgres::Address>),
}

impl<'a> Place<'a> {
    pub fn of(address: &'a str) -> Result<Self, StoreError> {
        if let Some(file) = address.strip_prefix("sqlite://") {
            Ok(Self::File(Path::new(file)))
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            Ok(Self::Server(Box::new(postgres::Address::parse(address)?)))
        } else {
            Err(StoreError::UnknownDatabase("sqlite://path or postgres://host/name is meant"))
        }
    }
}

/// How a probe ends: an error takes back what was written.
enum Probe {
    Done,
    Failed(StoreError),
}

impl From<StoreError> for Probe {
    fn from(error: StoreError) -> Self {
        Probe::Failed(error)
    }
}

/// A decision that waits for its turn, and the way back to its caller.
struct Waiting<T, E, F> {
    about: Vec<About>,
    decision: F,
    decided: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
    asked: Asked,
    /// The request it is part of: what goes wrong is logged beside it.
    asker: Span,
}

impl<T: Send, E: From<StoreError> + Send, F: Fn(&mut Tx<'_>) -> Result<T, E> + Send> Decision for Waiting<T, E, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let _asker = self.asker.enter();
        // A panic must not take the decisions of others along.
        let decide = || {
            self.about.iter().try_for_each(|about| about.hold(tx))?;
            (self.decision)(tx)
        };
        self.decided = catch_unwind(AssertUnwindSafe(decide)).ok();
        if self.decided.is_none() {
            tracing::error!(about = ?self.about, "a decision panicked");
        }
        matches!(self.decided, Some(Ok(_)))
    }

    fn answer(mut self: Box<Self>) {
        self.asked.done();
        if let Some(decided) = self.decided {
            let _ = self.answer.send(decided); // the caller may be gone
        }
    }
}

/// Makes file and folder, readable by nobody else: the file holds names, addresses and tokens.
fn make_private(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).append(true).open(file)?;
    file.set_permissions(Permissions::from_mode(0o600))
}

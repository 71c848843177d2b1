//! The shop's database: deciding, and looking.

use std::{
    fs::{OpenOptions, Permissions},
    os::unix::fs::PermissionsExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::oneshot;

use crate::server::store::{
    about::About,
    engine::{Decision, Sqlite, Tx, params},
};

pub use crate::server::store::engine::StoreError;

/// The shop's database.
#[derive(Clone)]
pub struct Store {
    /// `None` once it is closed.
    sqlite: Arc<RwLock<Option<Sqlite>>>,
}

mod migrations {
    refinery::embed_migrations!("src/server/store/migrations");
}

impl Store {
    /// Opens the database, makes file and folder if there are none, and applies what migrations are missing.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let file = Path::new(address.strip_prefix("sqlite://").ok_or(StoreError::UnknownDatabase)?);
        make_private(file)?;
        let sqlite = Sqlite::open(file, |connection| {
            migrations::migrations::runner().run(connection)?;
            Ok(())
        })?;
        Ok(Self { sqlite: Arc::new(RwLock::new(Some(sqlite))) })
    }

    /// Runs a decision and answers once it is durable. An error takes back what it wrote. A decision may be run more than once: it
    /// has no effect but what it writes, and uses neither clock nor chance.
    pub async fn decide<T, E>(&self, about: About, decision: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let waiting = Box::new(Waiting { about, decision, decided: None, answer });
        let taken = self.with(|sqlite| sqlite.decide(waiting));
        match taken {
            Some(true) => answered.await.unwrap_or_else(|_| Err(StoreError::NotNow.into())),
            _ => Err(StoreError::NotNow.into()),
        }
    }

    /// Reads: all of it at one moment.
    pub async fn look<T, E>(&self, look: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let taken = self.with(|sqlite| {
            sqlite.look(Box::new(move |tx| {
                // The caller may be gone.
                let _ = answer.send(look(tx));
            }))
        });
        match taken {
            Some(true) => answered.await.unwrap_or_else(|_| Err(StoreError::NotNow.into())),
            _ => Err(StoreError::NotNow.into()),
        }
    }

    /// Whether decisions can be made durable, by what became of the last one. Asking writes nothing.
    pub fn can_write(&self) -> bool {
        self.with(Sqlite::can_write).unwrap_or(false)
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
        match self.decide(About::Shop, probe).await {
            Ok(()) | Err(Probe::Done) => Ok(()),
            Err(Probe::Failed(error)) => Err(error),
        }
    }

    /// Finishes what waits and closes the file.
    pub async fn close(&self) {
        let sqlite = self.sqlite.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sqlite) = sqlite {
            let _ = tokio::task::spawn_blocking(|| sqlite.close()).await; // there is nothing to be done about a panic there
        }
    }

    fn with<T>(&self, use_it: impl FnOnce(&Sqlite) -> T) -> Option<T> {
        self.sqlite.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(use_it)
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
    about: About,
    decision: F,
    decided: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T: Send, E: Send, F: Fn(&mut Tx<'_>) -> Result<T, E> + Send> Decision for Waiting<T, E, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // A panic must not take the decisions of others along.
        self.decided = catch_unwind(AssertUnwindSafe(|| (self.decision)(tx))).ok();
        if self.decided.is_none() {
            tracing::error!(about = ?self.about, "a decision panicked");
        }
        matches!(self.decided, Some(Ok(_)))
    }

    fn answer(self: Box<Self>) {
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

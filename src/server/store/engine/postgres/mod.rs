//! PostgreSQL: some threads decide, some look, each with its own connection.
//!
//! A decision first locks the rows it is about, so that no other shop decides about the same meanwhile; whatever it then reads to
//! decide belongs to those, or is held by a unique key. Two that meet all the same are run again. A decision is answered once it
//! is durable. If the answer to its COMMIT is lost, the database is asked by another connection what became of it.
//!
//! - [`address`]: where the database is; [`session`]: one connection

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use metrics::{Counter, counter};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::{
    decision::{Decision, Look},
    error::StoreError,
    tx::Tx,
};

pub mod address;
pub mod session;

pub use address::Address;
pub use session::Session;
use session::{Fault, Purpose, TransactionId};

/// Decisions and looks that may wait for a thread; further ones are turned away at once.
const WAITING: usize = 1_024;
/// Connections of one shop: PostgreSQL allows a hundred in all, as it is installed.
const DECIDERS: u32 = 8;
const READERS: usize = 4;
/// How often a decision is run that meets others.
const RUNS: u32 = 10;
/// Between two questions about a transaction whose end was not heard, and how often it is asked.
const ASKS_AGAIN_AFTER: Duration = Duration::from_millis(500);
const ASKS: u32 = 20;

/// The queues of the threads that own the connections. The threads end when it is dropped.
pub struct Postgres {
    decisions: Sender<Box<dyn Decision>>,
    looks: Sender<Look>,
    /// Whether the last commit succeeded.
    commits: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Postgres {
    /// Connects, and lets `prepare` bring the database up to date. It blocks.
    pub fn open(address: &Address, prepare: impl FnOnce(&mut Session) -> Result<(), StoreError>) -> Result<Self, StoreError> {
        let mut first = Session::connect(address, Purpose::Decide)?;
        prepare(&mut first)?;
        let (decisions, waiting) = mpsc::channel(WAITING);
        let (waiting, commits) = (Arc::new(Mutex::new(waiting)), Arc::new(AtomicBool::new(true)));
        let mut threads = Vec::new();
        let mut first = Some(first);
        for place in 0..DECIDERS {
            let decider = Decider {
                place,
                address: address.clone(),
                session: first.take(),
                commits: commits.clone(),
                again: counter!("decisions_run_again_total"),
            };
            let waiting = waiting.clone();
            threads.push(named("decider", move || decider.decide_all(&waiting))?);
        }
        let (looks, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..READERS {
            let (address, waiting) = (address.clone(), waiting.clone());
            threads.push(named("reader", move || read(&address, &waiting))?);
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

    /// How many decisions, and how many looks, wait for a thread.
    pub fn waiting(&self) -> (usize, usize) {
        (WAITING - self.decisions.capacity(), WAITING - self.looks.capacity())
    }

    /// Finishes what waits and ends the connections. It blocks.
    pub fn close(self) {
        let Self { decisions, looks, threads, .. } = self;
        drop((decisions, looks));
        for thread in threads {
            let _ = thread.join(); // a thread that panicked has nothing more to finish
        }
    }
}

fn named(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}

fn next<T>(waiting: &Mutex<Receiver<T>>) -> Option<T> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}

/// One of the threads that decide.
struct Decider {
    /// Among the others of this shop.
    place: u32,
    address: Address,
    session: Option<Session>,
    commits: Arc<AtomicBool>,
    /// Runs that met others.
    again: Counter,
}

/// How one run of a decision ended.
enum Ended {
    /// It may be answered.
    Durable,
    Again,
    /// Nobody heard whether it was committed.
    Unheard(Option<TransactionId>),
    /// The connection is of no use any more; nothing was kept.
    Lost,
    /// A statement failed, and would fail again; nothing was kept.
    Useless,
}

impl Decider {
    fn decide_all(mut self, waiting: &Mutex<Receiver<Box<dyn Decision>>>) {
        while let Some(decision) = next(waiting) {
            self.decide(decision);
        }
    }

    /// A decision that is dropped is answered that nothing was decided.
    fn decide(&mut self, mut decision: Box<dyn Decision>) {
        let mut has_lost_one = false;
        for run in 0..RUNS {
            let ended = match self.session() {
                Ok(session) => run_once(session, &mut *decision),
                Err(error) => {
                    tracing::error!(%error, "the database cannot be reached");
                    Ended::Lost
                }
            };
            let durable = match ended {
                Ended::Durable => true,
                Ended::Again => {
                    self.again.increment(1);
                    // Those that met must not meet again at once.
                    thread::sleep(Duration::from_millis(u64::from(run * run + run * self.place)));
                    continue;
                }
                Ended::Unheard(id) => match self.asked(id) {
                    Some(true) => true,
                    Some(false) => continue,
                    None => false,
                },
                // A connection that stood idle may have ended long ago. A second one is no accident.
                Ended::Lost if self.session.take().is_some() && !has_lost_one => {
                    has_lost_one = true;
                    continue;
                }
                Ended::Lost | Ended::Useless => false,
            };
            self.commits.store(durable, Ordering::Relaxed);
            if durable {
                decision.answer();
            }
            return;
        }
        self.commits.store(false, Ordering::Relaxed);
        tracing::error!("a decision met others each time it was run");
    }

    fn session(&mut self) -> Result<&mut Session, StoreError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::connect(&self.address, Purpose::Decide)?,
        };
        Ok(self.session.insert(session))
    }

    /// What became of a transaction whose end was not heard. It may take the database a while to come back.
    fn asked(&mut self, id: Option<TransactionId>) -> Option<bool> {
        self.session = None;
        let id = id?;
        for _ in 0..ASKS {
            thread::sleep(ASKS_AGAIN_AFTER);
            let committed = self.session().ok().and_then(|session| session.was_committed(&id));
            if committed.is_some() {
                return committed;
            }
            self.session = None;
        }
        tracing::error!("nobody knows whether a decision was kept");
        None
    }
}

fn run_once(session: &mut Session, decision: &mut dyn Decision) -> Ended {
    if let Err(fault) = session.begin() {
        return given_up(session, fault);
    }
    let is_kept = decision.run(&mut Tx::Postgres(session));
    match session.fault() {
        Some(fault @ (Fault::Met | Fault::Lost)) => return given_up(session, fault),
        Some(Fault::Failed) | None if !is_kept => {
            return if session.rollback().is_ok() { Ended::Durable } else { Ended::Lost };
        }
        // A statement that failed took all others with it, whatever the decision made of it.
        Some(Fault::Failed) => return given_up(session, Fault::Failed),
        None => {}
    }
    let id = session.transaction_id();
    // After a statement that failed, COMMIT is answered as if all were well, and keeps nothing.
    if let Some(fault) = session.fault() {
        return given_up(session, fault);
    }
    match session.commit() {
        Ok(()) => Ended::Durable,
        Err(Fault::Met) => Ended::Again,
        Err(_) => Ended::Unheard(id),
    }
}

fn given_up(session: &mut Session, fault: Fault) -> Ended {
    match fault {
        Fault::Met if session.rollback().is_ok() => Ended::Again,
        Fault::Failed if session.rollback().is_ok() => Ended::Useless,
        _ => Ended::Lost,
    }
}

fn read(address: &Address, waiting: &Mutex<Receiver<Look>>) {
    let mut reader = None;
    while let Some(look) = next(waiting) {
        match begun(&mut reader, address) {
            Ok(session) => look_once(session, look),
            // The caller is answered that nobody looked.
            Err(error) => tracing::error!(%error, "the database cannot be reached"),
        }
        if reader.as_ref().is_some_and(|session| session.fault() == Some(Fault::Lost)) {
            reader = None;
        }
    }
}

/// A connection whose transaction has begun: the one there is or, if that is of no use, another.
fn begun<'a>(reader: &'a mut Option<Session>, address: &Address) -> Result<&'a mut Session, StoreError> {
    let began = match reader.take() {
        Some(mut session) => session.begin().is_ok().then_some(session),
        None => None,
    };
    let session = match began {
        Some(session) => session,
        None => {
            let mut session = Session::connect(address, Purpose::Look)?;
            session.begin().map_err(|_| StoreError::NotNow)?;
            session
        }
    };
    Ok(reader.insert(session))
}

/// All statements of a look see the database at one moment.
fn look_once(session: &mut Session, look: Look) {
    // A panic must not end the reader: there are few. The caller is answered that nobody looked.
    if catch_unwind(AssertUnwindSafe(|| look(&mut Tx::Postgres(session)))).is_err() {
        tracing::error!("a look panicked");
    }
    if session.fault() != Some(Fault::Lost) {
        let _ = session.rollback(); // a connection that does not even do this is noted as lost
    }
}

//! One connection to PostgreSQL, used by one thread: statements, each prepared once, and the transaction that is under way.

use std::{collections::HashMap, future::Future, pin::pin, time::Duration};

use futures::TryStreamExt;
use tokio::{
    runtime::{self, Runtime},
    time::timeout,
};
use tokio_postgres::{Client, Error, Row, Statement, error::SqlState, types::Type};

use super::address::Address;
use crate::server::store::engine::{dialect, error::StoreError, value::Value};

/// What an answer may take. The database itself ends a statement of a decision before that; see [`WRITES`].
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// The same of looks: a report reads much.
const LOOKS_WITHIN: Duration = Duration::from_secs(120);

/// Statements that are kept prepared. Those that are put together from conditions are of many kinds.
const PREPARED: usize = 1_000;

/// Set for each connection. What waits longer for a row than another decision takes is given up, and its caller comes again.
const WRITES: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'";
const READS: &str = "SET statement_timeout = '110s'; SET idle_in_transaction_session_timeout = '120s'";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Decide,
    Look,
}

/// Why a transaction came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It met another one: run again, it may succeed.
    Met,
    /// The connection is of no use any more.
    Lost,
    /// A statement failed, and would fail again.
    Failed,
}

/// The number that the database gave a transaction.
pub struct TransactionId(String);

pub struct Session {
    // Dropped first: it has tasks on the runtime.
    client: Client,
    runtime: Runtime,
    /// By their text, and the types of their values.
    statements: HashMap<String, Vec<(Vec<Type>, Statement)>>,
    purpose: Purpose,
    /// The first fault of the transaction that is under way.
    fault: Option<Fault>,
    /// Whether the database tells the end of a transaction by its number. Not all that speak PostgreSQL's language do.
    tells_ends: bool,
}

impl Session {
    pub fn connect(address: &Address, purpose: Purpose) -> Result<Self, StoreError> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(async {
            // The driver's own limit ends with the first answer of the network.
            let within = address.config.get_connect_timeout().copied().unwrap_or(ANSWERS_WITHIN);
            let connecting = timeout(within, address.config.connect(address.tls.clone()));
            let (client, connection) = connecting.await.map_err(|_| StoreError::NoAnswer)??;
            // It ends with the client, or tells its error to whoever waits for an answer.
            tokio::spawn(connection);
            Ok::<_, StoreError>(client)
        })?;
        let mut session = Self { client, runtime, statements: HashMap::new(), purpose, fault: None, tells_ends: true };
        session.batch(if purpose == Purpose::Decide { WRITES } else { READS })?;
        let version = session.query("SELECT version()", &[])?;
        let version: &str = version.first().ok_or(StoreError::NoRow)?.try_get(0)?;
        session.tells_ends = version.starts_with("PostgreSQL ") && !version.contains("-YB-");
        Ok(session)
    }

    /// For what is asked in the driver's own way.
    pub fn with_client<T>(&mut self, work: impl AsyncFnOnce(&mut Client) -> T) -> T {
        let Self { client, runtime, .. } = self;
        runtime.block_on(work(client))
    }

    /// Begins a transaction. Engines that are stricter than they are asked to be are welcome to.
    pub fn begin(&mut self) -> Result<(), Fault> {
        self.fault = None;
        let begin = match self.purpose {
            Purpose::Decide => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Purpose::Look => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.batch(begin).map_err(|_| self.fault.unwrap_or(Fault::Lost))
    }

    /// What went wrong in the transaction that is under way.
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The number of the transaction that is under way, if it wrote something and the database tells its end by it.
    pub fn transaction_id(&mut self) -> Option<TransactionId> {
        if !self.tells_ends {
            return None;
        }
        let rows = self.query("SELECT pg_current_xact_id_if_assigned()::text", &[]).ok()?;
        rows.first()?.try_get::<_, Option<String>>(0).ok()?.map(TransactionId)
    }

    pub fn commit(&mut self) -> Result<(), Fault> {
        self.batch("COMMIT").map_err(|_| self.fault.unwrap_or(Fault::Lost))
    }

    pub fn rollback(&mut self) -> Result<(), Fault> {
        self.batch("ROLLBACK").map_err(|_| Fault::Lost)
    }

    /// What became of a transaction whose end was not heard, by another connection. `None`: nobody knows yet, or any more.
    pub fn was_committed(&mut self, id: &TransactionId) -> Option<bool> {
        let rows = self.query("SELECT pg_xact_status(CAST(CAST(?1 AS TEXT) AS xid8))", &[id.0.as_str().into()]).ok()?;
        match rows.first()?.try_get::<_, Option<&str>>(0).ok()?? {
            "committed" => Some(true),
            "aborted" => Some(false),
            _ => None,
        }
    }

    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        let statement = self.prepared(sql, values)?;
        let client = &self.client;
        let changed = answer(&self.runtime, self.purpose, client.execute_raw(&statement, values));
        self.noted(changed).map(|rows| usize::try_from(rows).unwrap_or(usize::MAX))
    }

    pub fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql, values)?;
        let client = &self.client;
        let rows = answer(&self.runtime, self.purpose, async { client.query_raw(&statement, values).await?.try_collect().await });
        self.noted(rows)
    }

    pub fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql, values)?;
        let client = &self.client;
        let rows = answer(&self.runtime, self.purpose, client.query_raw(&statement, values));
        let mut rows = pin!(self.noted(rows)?);
        loop {
            let next = answer(&self.runtime, self.purpose, rows.try_next());
            match self.noted(next)? {
                Some(row) => take(&row)?,
                None => return Ok(()),
            }
        }
    }

    /// Statements without values, one after another.
    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let client = &self.client;
        let done = answer(&self.runtime, self.purpose, client.batch_execute(sql));
        self.noted(done)
    }

    fn prepared(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Statement, StoreError> {
        let types = || values.iter().map(Value::postgres_type);
        let known = self.statements.get(sql).and_then(|known| known.iter().find(|(of, _)| of.iter().cloned().eq(types())));
        if let Some((_, statement)) = known {
            return Ok(statement.clone());
        }
        let types: Vec<Type> = types().collect();
        let client = &self.client;
        let told = dialect::postgres(sql);
        let prepared = answer(&self.runtime, self.purpose, client.prepare_typed(&told, &types));
        let statement = self.noted(prepared)?;
        if self.statements.len() >= PREPARED {
            self.statements.clear();
        }
        self.statements.entry(sql.to_owned()).or_default().push((types, statement.clone()));
        Ok(statement)
    }

    fn noted<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &answer {
            self.fault.get_or_insert(fault_of(error));
        }
        answer
    }
}

fn answer<T>(runtime: &Runtime, purpose: Purpose, asked: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
    let within = if purpose == Purpose::Decide { ANSWERS_WITHIN } else { LOOKS_WITHIN };
    match runtime.block_on(async { timeout(within, asked).await }) {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::NoAnswer),
    }
}

/// A unique key that is taken meanwhile is one of the ways in which two decisions meet.
fn fault_of(error: &StoreError) -> Fault {
    let StoreError::Refused(error) = error else { return Fault::Lost };
    let Some(state) = error.code() else { return Fault::Lost };
    let met = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION];
    let lost = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    match state {
        state if met.contains(state) => Fault::Met,
        state if lost.contains(state) || state.code().starts_with("08") => Fault::Lost,
        _ => Fault::Failed,
    }
}

//! The shop's database, looked at past the shop: a file, or one on a server.

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const TURN: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub enum Database {
    File(PathBuf),
    /// As the shop connects, and as the server's owner does.
    Server {
        shop: String,
        owner: String,
    },
}

impl Database {
    /// `DATABASE_URL`
    pub fn address(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite://{}", path.display()),
            Self::Server { shop, .. } => shop.clone(),
        }
    }

    /// Runs statements with all rights.
    pub fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::File(_) => Ok(self.connection()?.execute_batch(sql)?),
            Self::Server { owner, .. } => psql(owner, sql).map(|_| ()),
        }
    }

    /// Rows of texts; what is NULL is empty.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        match self {
            Self::File(_) => {
                let connection = self.connection()?;
                let mut statement = connection.prepare(sql)?;
                let columns = statement.column_count();
                let rows = statement.query_map([], |row| (0..columns).map(|place| row.get_ref(place).map(text)).collect())?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            Self::Server { owner, .. } => Ok(split(&psql(owner, sql)?)),
        }
    }

    /// Bodies of the callbacks in the journal, and how often each was delivered.
    pub fn journal(&self) -> Result<Vec<(String, u64)>> {
        let body = match self {
            Self::File(_) => "CAST(body AS TEXT)",
            Self::Server { .. } => "convert_from(body, 'UTF8')",
        };
        let rows = self.rows(&format!("SELECT {body}, deliveries FROM callbacks WHERE source = 'callback'"))?;
        rows.into_iter().map(|row| Ok((row[0].clone(), row[1].parse()?))).collect()
    }

    /// What the database's own check finds wrong.
    pub fn damage(&self) -> Result<Option<String>> {
        match self {
            Self::File(_) => {
                let said = self.rows("PRAGMA integrity_check")?.concat().join("; ");
                Ok((said != "ok").then_some(said))
            }
            Self::Server { .. } => Ok(None),
        }
    }

    pub fn connection(&self) -> Result<Connection> {
        let Self::File(path) = self else { bail!("no file") };
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(TURN)?;
        Ok(connection)
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Characters that no value holds: what psql puts between columns and rows.
const COLUMN: char = '\u{1f}';
const ROW: char = '\u{1e}';

/// `psql` with an address.
pub fn psql_command(address: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
    psql.args([&format!("--field-separator={COLUMN}"), &format!("--record-separator={ROW}"), address]);
    psql
}

pub fn psql(address: &str, sql: &str) -> Result<String> {
    let said = psql_command(address).args(["--command", sql]).output().context("starting psql")?;
    if !said.status.success() {
        bail!("{sql}: {}", String::from_utf8_lossy(&said.stderr));
    }
    Ok(String::from_utf8(said.stdout)?)
}

fn split(said: &str) -> Vec<Vec<String>> {
    let rows = said.trim_end_matches(['\n', ROW]).split(ROW).filter(|row| !row.is_empty());
    rows.map(|row| row.split(COLUMN).map(str::to_owned).collect()).collect()
}

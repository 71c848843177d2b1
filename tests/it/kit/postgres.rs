//! The same tests on PostgreSQL: where `TEST_DATABASE_SERVER` names a server, each folder has a database of its own there. If
//! `TEST_DATABASE_TEMPLATE` names one of an empty shop, it is a copy, which takes less time than making the tables.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use crate::kit::Folder;

/// `postgres://user@host:port`, without a database. `None`: shops keep their databases in files.
pub fn server() -> Option<String> {
    told("TEST_DATABASE_SERVER")
}

#[expect(clippy::disallowed_methods, reason = "what the tests themselves are told is no setting of the shop")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// A folder's database; dropped with the folder.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// `None`: the folder holds a file.
    pub fn made_for(folder: &Folder) -> Option<Self> {
        let path = folder.path("").display().to_string();
        let name: String = path.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let database = Self { server: server()?, name };
        // A test that was killed left one, and another process has its number now.
        database.is_dropped();
        let template = told("TEST_DATABASE_TEMPLATE").unwrap_or_else(|| "template1".to_owned());
        run(&database.maintenance(), &format!("CREATE DATABASE {} TEMPLATE {template}", database.name)).expect("a database");
        Some(database)
    }

    pub fn address(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    /// Cuts off whoever is connected, and lets nobody in until it is back.
    pub fn is_gone(&self) {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        let sql = format!("ALTER DATABASE {0} ALLOW_CONNECTIONS false; {cut} = '{0}'", self.name);
        run(&self.maintenance(), &sql).expect("nobody is let in");
    }

    pub fn is_back(&self) {
        run(&self.maintenance(), &format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)).expect("all are let in");
    }

    /// Where databases are made.
    fn maintenance(&self) -> String {
        format!("{}/postgres", self.server)
    }

    /// Whoever is still connected is cut off.
    fn is_dropped(&self) {
        let _ = run(&self.maintenance(), &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.is_dropped();
    }
}

fn psql(database: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", database]);
    command
}

/// How many rows the last statement changed, or why it was refused.
pub fn run(database: &str, sql: &str) -> Result<u64, String> {
    let counted = format!("{sql};\n\\echo rows :ROW_COUNT");
    let mut child = psql(database).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("psql");
    child.stdin.take().expect("its input").write_all(counted.as_bytes()).expect("the statement");
    let said = child.wait_with_output().expect("its answer");
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(text.lines().filter_map(|line| line.strip_prefix("rows ")).next_back().and_then(|rows| rows.parse().ok()).unwrap_or(0))
}

/// The rows of an answer of one column.
pub fn rows(database: &str, sql: &str) -> Vec<String> {
    let said = psql(database).args(["--command", sql]).output().expect("psql");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect()
}

/// All that the database holds, as text, but for what shops write by themselves to agree on who does what.
pub fn dump(database: &str) -> String {
    let left_out = ["shops", "work", "turns"].map(|table| format!("--exclude-table-data={table}"));
    let said = Command::new("pg_dump").arg("--data-only").args(left_out).arg(database).output().expect("pg_dump");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Newer versions begin and end with a word of chance.
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    text.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n")
}

/// A session that holds locks until it is dropped.
pub struct Session(Child);

impl Session {
    pub fn that_locks(database: &str) -> Self {
        let mut child = psql(database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("psql");
        let input = child.stdin.as_mut().expect("its input");
        let lock = "BEGIN; SELECT format('LOCK TABLE %s IN EXCLUSIVE MODE', string_agg(relname, ', ' ORDER BY relname))
            FROM pg_stat_user_tables \\gexec\n\\echo locked\n";
        input.write_all(lock.as_bytes()).expect("the statements");
        let mut said = BufReader::new(child.stdout.take().expect("its answer")).lines();
        assert!(said.any(|line| line.is_ok_and(|line| line == "locked")), "no lock");
        Self(child)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The end of its input ends it, and its transaction.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

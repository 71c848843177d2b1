//! The same tests on PostgreSQL: where `TEST_DATABASE_SERVER` names a server, each folder has a database of its own there.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use crate::kit::Folder;

/// `postgres://user@host:port`, without a database. `None`: shops keep their databases in files.
fn address() -> Option<String> {
    std::env::var("TEST_DATABASE_SERVER").ok().filter(|address| !address.is_empty())
}

/// The address of a folder's database.
pub fn database_of(folder: &Folder) -> Option<String> {
    Some(format!("{}/{}", address()?, name_of(folder)))
}

/// Makes a folder's database, unless it is there.
pub fn make(folder: &Folder) -> Option<String> {
    let database = database_of(folder)?;
    // Another program of the same test may have made it.
    let _ = run(&format!("{}/postgres", address()?), &format!("CREATE DATABASE {}", name_of(folder)));
    Some(database)
}

/// Whoever is still connected is cut off.
pub fn remove(folder: &Folder) {
    if let Some(server) = address() {
        let _ = run(&format!("{server}/postgres"), &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_of(folder)));
    }
}

fn name_of(folder: &Folder) -> String {
    let path = folder.path("").display().to_string();
    path.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
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

/// All that the database holds, as text.
pub fn dump(database: &str) -> String {
    let said = Command::new("pg_dump").args(["--data-only", database]).output().expect("pg_dump");
    String::from_utf8_lossy(&said.stdout).into_owned()
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

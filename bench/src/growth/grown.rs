//! Shops on a database with many orders.

use crate::decisions::callbacks::{PROJECT_ID, PROJECT_SECRET};
use crate::office::shop::{EMAIL, PASSWORD};
use crate::server::{Server, free_port};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

pub struct Grown {
    _shops: Vec<Server>,
    pub ports: Vec<u16>,
}

impl Grown {
    pub fn start(program: &Path, database: &str, shops: usize) -> Result<Self> {
        let shops: Vec<_> = (0..shops).map(|_| start(program, database)).collect::<Result<_>>()?;
        Ok(Self { ports: shops.iter().map(|shop| shop.port).collect(), _shops: shops })
    }
}

/// As merchants run it, but without its log. It takes the load for a proxy, so that each customer has an address.
pub fn start(program: &Path, database: &str) -> Result<Server> {
    let port = free_port()?;
    let mut command = Command::new(program);
    command
        .current_dir(std::env::temp_dir()) // no .env there
        .env("SHOP_ADDR", format!("127.0.0.1:{port}"))
        .env("PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("TRUSTED_PROXIES", "127.0.0.1")
        .env("METRICS_ADDR", "off")
        .env("DATABASE_URL", database)
        .env("PROJECT_ID", PROJECT_ID.to_string())
        .env("PROJECT_SECRET", PROJECT_SECRET)
        .env("OPERATOR_EMAIL", EMAIL)
        .env("OPERATOR_PASSWORD", PASSWORD)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Server::start(&mut command, port)
}

/// Copies a SQLite shop to a new database of a server. What the planner has to know of it is learnt at once.
pub fn move_to(program: &Path, folder: &Path, from: &str, server: &str, to: &str) -> Result<()> {
    let name = to.rsplit('/').next().unwrap_or_default();
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        psql(&format!("{server}/postgres"), &sql)?;
    }
    eprintln!("» moving them to PostgreSQL");
    // The file itself is measured, too: a copy of it is moved.
    let (from, copy) = (from.trim_start_matches("sqlite://"), folder.join("moved.db"));
    let _ = std::fs::remove_file(&copy);
    std::fs::copy(from, &copy)?;
    let mut command = Command::new(program);
    command.args(["move-to", to]).env("DATABASE_URL", format!("sqlite://{}", copy.display())).current_dir(folder);
    let moved = command.output().context("starting storefront move-to")?;
    ensure!(moved.status.success(), "storefront move-to: {}", String::from_utf8_lossy(&moved.stderr));
    psql(to, "ANALYZE")
}

fn psql(address: &str, sql: &str) -> Result<()> {
    let said =
        Command::new("psql").args(["--no-psqlrc", "--quiet", address, "--command", sql]).output().context("starting psql")?;
    ensure!(said.status.success(), "{sql}: {}", String::from_utf8_lossy(&said.stderr));
    Ok(())
}

//! The shop whose back office is measured: on one core, with an owner who may sign in.

use crate::server::{Server, free_port};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

pub const EMAIL: &str = "bench@shop.example";
pub const PASSWORD: &str = "quiet lantern over harbour stones";

pub fn start(program: &Path, database: &str) -> Result<Server> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let mut command = on_one_core(program);
    command
        .env("SHOP_ADDR", &address)
        .env("PUBLIC_URL", format!("http://{address}"))
        .env("METRICS_ADDR", "off")
        .env("DATABASE_URL", database)
        .env("OPERATOR_EMAIL", EMAIL)
        .env("OPERATOR_PASSWORD", PASSWORD)
        .env("SHOP_TIME_ZONE", "Asia/Seoul")
        .env("RUST_LOG", "error,storefront::server::platform::books=info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut shop = Server::start(&mut command, port)?;
    wait_for_the_books(&mut shop)?;
    Ok(shop)
}

/// Waits until the shop has compared its books, as it does at each start: with many orders that takes a while.
fn wait_for_the_books(shop: &mut Server) -> Result<()> {
    let mut log = BufReader::new(shop.log().context("the shop's log")?);
    let mut line = String::new();
    while !line.contains("the books") {
        line.clear();
        if log.read_line(&mut line)? == 0 {
            bail!("the shop ended by itself");
        }
    }
    // The log must be read: a full pipe would stop the shop.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::stderr()));
    Ok(())
}

fn on_one_core(program: &Path) -> Command {
    let has_taskset = Command::new("taskset").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !has_taskset {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

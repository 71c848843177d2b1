//! Measures the shop's release build. `cargo xtask bench` builds both and starts this.
//!
//! A slow answer is no failure: the tables show how long it took. A wrong answer is a failure.

mod server; // a measured program as a process

mod decisions; // callbacks and checkouts beside a bare durable insert
mod growth; // from a thousand orders to a million, on both databases
mod office; // the back office with a million orders

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const ORDERS: u32 = 1_000_000;

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => {
            decisions::measure(&shop()?, &empty_folder("decisions")?)?;
            growth::measure(&shop()?, &empty_folder("growth")?, ORDERS)?;
            office::measure(&shop()?, &empty_folder("office")?, ORDERS)
        }
        ["decisions"] => decisions::measure(&shop()?, &empty_folder("decisions")?),
        ["growth"] => growth::measure(&shop()?, &empty_folder("growth")?, ORDERS),
        ["growth", most] => growth::measure(&shop()?, &empty_folder("growth")?, most.parse().context("a number of orders")?),
        // For tests that need many orders.
        ["orders", database, orders] => office::orders::fill(Path::new(database), orders.parse().context("a number of orders")?),
        // Started by `decisions` as a separate program.
        [decisions::BARE, database, port] => decisions::bare::serve(Path::new(database), port.parse().context("a port")?),
        [orders] => {
            let orders = orders.parse().with_context(|| format!("`{orders}` is neither a number of orders nor `decisions`"))?;
            office::measure(&shop()?, &empty_folder("office")?, orders)
        }
        _ => bail!("at most one thing can be measured at a time"),
    }
}

/// The shop's program, in the same folder as this one.
fn shop() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("storefront"))
}

/// Makes an empty folder in Cargo's target folder. What an earlier run left there is deleted.
fn empty_folder(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("this program does not lie in a target folder")?;
    let folder = target.join("bench").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

//! How the shop serves while it grows: from a thousand orders to a million, on both databases, and with several shops on one.
//!
//! A database is filled with made-up orders, measured, and, where there is a server, moved there and measured again. Readers come
//! first, so that the orders of the measured checkouts are not among those that they look at.

mod grown;
mod rates;

use crate::office;
use anyhow::{Context, Result};
use grown::Grown;
use rates::Rates;
use std::path::Path;
use tokio::task::LocalSet;

const ORDERS: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
const SHOPS: [usize; 3] = [1, 2, 3];
/// The address of a PostgreSQL server; `cargo xtask bench growth` brings one up.
const SERVER: &str = "BENCH_DATABASE_SERVER";

/// Measures the shop's program in an empty folder, and prints a table.
pub fn measure(program: &Path, folder: &Path, most: u32) -> Result<()> {
    let server = std::env::var(SERVER).with_context(|| format!("{SERVER} names no PostgreSQL server"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    println!(
        "\n{} connections; the load, the database and the shops share the cores; requests a second, and times the first line's\n",
        rates::CONNECTIONS
    );
    let mut first = None;
    for orders in ORDERS.into_iter().filter(|orders| *orders <= most) {
        eprintln!("» making {orders} orders up");
        let file = folder.join(format!("{orders}.db"));
        let database = format!("sqlite://{}", file.display());
        drop(grown::start(program, &database)?); // it makes the tables
        office::orders::fill(&file, orders)?;
        let moved = format!("{server}/grown_{orders}");
        grown::move_to(program, folder, &database, &server, &moved)?;
        let copies = std::iter::once((database.as_str(), 1)).chain(SHOPS.map(|shops| (moved.as_str(), shops)));
        for (address, shops) in copies {
            let grown = Grown::start(program, address, shops)?;
            let rates = runtime.block_on(LocalSet::new().run_until(Rates::of(&grown, orders)))?;
            let engine = address.split(':').next().unwrap_or_default();
            rates.print(engine, shops, orders, first.get_or_insert_with(|| rates.clone()));
        }
    }
    Ok(())
}

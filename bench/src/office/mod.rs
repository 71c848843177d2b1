//! How long the back office takes with a million orders, and how much memory its files need.
//!
//! The shop runs on a database full of made-up orders, and on one core if `taskset` is available.
//! One client requests each address some hundred times, one after another. A slow answer is no failure: the table shows it.

mod addresses;
pub mod browser;
pub mod orders;
pub mod shop;

use crate::server::MEBIBYTE;
use anyhow::{Context, Result, ensure};
use browser::Browser;
use std::path::Path;
use std::time::Instant;

const TIMES: usize = 300;
const WARM_UP: usize = 10;

/// Measures the shop's program with so many orders, in an empty folder.
pub fn measure(program: &Path, folder: &Path, orders: u32) -> Result<()> {
    let file = folder.join("shop.db");
    let database = format!("sqlite://{}", file.display());
    eprintln!("» making {orders} orders up");
    drop(shop::start(program, &database)?); // it makes the tables
    orders::fill(&file, orders)?;
    eprintln!("» starting the shop");
    let shop = shop::start(program, &database)?;
    let mut browser = Browser::of(shop.port);
    browser.sign_in(shop::EMAIL, shop::PASSWORD)?;
    let first = browser.get("/admin/orders")?;
    let number = addresses::some_number(&first.text()).context("no order on the first page")?;

    let rows = addresses::pages(&number, addresses::today()).into_iter().map(|(what, address)| {
        let times = times(&mut browser, &address)?;
        Ok((what, address, times))
    });
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    let plainest = rows.first().map_or(1, |(_, _, times)| times.p50).max(1);
    println!("\n{orders} orders, one core, {TIMES} requests each, one after another; times: compared with the plainest page\n");
    println!("{:>9} {:>9} {:>9}  {:<44} address", "p50 ms", "p99 ms", "times", "what");
    for (what, address, times) in rows {
        let ratio = format!("{}.{}", times.p50 / plainest, times.p50 * 10 / plainest % 10);
        println!("{:>9} {:>9} {ratio:>9}  {what:<44} {address}", ms(times.p50), ms(times.p99));
    }
    println!("\n{:>9} {:>9} {:>9} {:>9}  file", "seconds", "MB", "lines", "peak MB");
    let before = shop.memory()?;
    for (what, address) in addresses::files(orders, addresses::today()) {
        shop.forget_peak();
        let started = Instant::now();
        let (bytes, lines) = browser.download(&address)?;
        let seconds = started.elapsed();
        let peak = shop.peak_memory()? / MEBIBYTE;
        println!("{:>9} {:>9} {:>9} {peak:>9}  {what} {address}", ms(micros(seconds) / 1000), bytes / MEBIBYTE, lines);
    }
    println!("\nresident before the files: {} MB; the most while each file was sent is above", before / MEBIBYTE);
    Ok(())
}

/// Microseconds.
struct Times {
    p50: u64,
    p99: u64,
}

fn times(browser: &mut Browser, address: &str) -> Result<Times> {
    let mut all = Vec::with_capacity(TIMES);
    for time in 0..WARM_UP + TIMES {
        let started = Instant::now();
        let page = browser.get(address)?;
        let took = micros(started.elapsed());
        ensure!(page.status == 200, "{address} is answered with {}:\n{}", page.status, page.text());
        if time >= WARM_UP {
            all.push(took);
        }
    }
    all.sort_unstable();
    Ok(Times { p50: all[TIMES / 2], p99: all[TIMES * 99 / 100] })
}

fn micros(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Microseconds as milliseconds: `12.3` for 12,345.
fn ms(micros: u64) -> String {
    format!("{}.{}", micros / 1000, micros / 100 % 10)
}

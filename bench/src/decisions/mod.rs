//! Measures callbacks and checkouts over HTTP, and beside them a server that does one durable insert per request.
//!
//! In each round every kind of request has its turn, so that a slower minute of the machine slows all of them. The rate is the
//! median of the rounds; latencies are those of all rounds together.

pub mod bare;
pub mod callbacks;
pub mod customers;
mod disk;
pub mod figures;
mod goals;
pub mod http;
pub mod load;
mod pair;

use anyhow::{Result, ensure};
use disk::Disk;
use figures::{Figures, What};
use pair::Pair;
use std::path::Path;
use std::time::Duration;
use tokio::task::LocalSet;

/// The command that starts the bare server.
pub const BARE: &str = "bare-server";

const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_secs(1);
const CONNECTIONS: [usize; 2] = [1, 32];

/// Measures the shop's program in an empty folder, and prints a table and the goals.
pub fn measure(program: &Path, folder: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let on = |disk: &Disk| {
        eprintln!("» callbacks and checkouts; the disk: {}", disk.name());
        runtime.block_on(LocalSet::new().run_until(figures_on(disk, program, folder)))
    };
    let true_disk = on(&Disk::AsItIs)?;
    let slow_disk = on(&Disk::slow(folder)?)?;
    ensure!(slow_disk.line(What::Bare, 1).p50 > disk::DELAY, "the slow disk is not slow: it did not reach the bare server");
    let cores = std::thread::available_parallelism()?;
    println!("\n{ROUNDS} rounds; in each, every kind of request has {TURN:?}. The load shares {cores} cores with the server.");
    println!("A connection asks again when it was answered, so a slow server gets fewer requests and looks better than it is.");
    println!("CPU, load: µs of processor time per request, of server and load; to bare: the rate divided by the bare server's\n");
    figures::print_head();
    true_disk.print(Disk::AsItIs.name());
    slow_disk.print(disk::SLOW);
    goals::print(&true_disk, &slow_disk);
    Ok(())
}

async fn figures_on(disk: &Disk, program: &Path, folder: &Path) -> Result<Figures> {
    let mut pair = Pair::start(disk, program, folder)?;
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        for connections in CONNECTIONS {
            pair.round(connections, TURN, &mut figures).await?;
        }
    }
    figures.peak_memory = pair.end().await?;
    Ok(figures)
}

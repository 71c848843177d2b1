//! Somebody sets the clock three days forward, three days back, and right again, while customers pay.

use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::world::shop::Under;
use crate::world::{World, customer, operator};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The clock at the moment of the order is right, or the Payment Page would be too late; what follows sees another one.
const STEPS: [&str; 5] = ["+3d", "-3d", "+0", "-3d", "+3d"];
/// The shop asks after two seconds, whatever the clock says.
const ASKS_WITHIN: Duration = Duration::from_secs(20);
/// The worker that asks has to see both clocks once before one of them steps.
const A_LOOK: Duration = Duration::from_millis(1500);

pub fn set(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    world.shop.stops()?;
    let clock = world.folder.join("clock");
    fs::write(&clock, "+0")?;
    let library = library()?.display().to_string();
    let settings = [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME_TIMESTAMP_FILE", &clock.display().to_string()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    ensure!(world.shop.starts(&Under::settings(&settings))?, "the shop does not start");
    world.platform_is_silent()?;
    for step in STEPS {
        under(&world, &clock, step).with_context(|| format!("with the clock at {step}"))?;
    }
    end::check(&world)
}

fn under(world: &World, clock: &PathBuf, step: &str) -> Result<()> {
    fs::write(clock, "+0")?;
    sleep(A_LOOK);
    let told = customer::orders(world, "KR", "payco-wallet")?;
    let untold = customer::orders(world, "KR", "payco-wallet")?;
    sleep(A_LOOK);
    fs::write(clock, step)?;
    customer::answers(world, &untold, "approve")?;
    customer::comes_back(world, &untold)?;
    is_asked_about(world, &untold.payment_id)?;
    customer::answers(world, &told, "approve")?;
    world.tells_all()?;
    operator::gives_back(world, &told, "1000")?;
    world.sandbox.has_decided()?;
    world.tells_all()
}

/// Nothing was told about it, so the shop has to ask in time.
fn is_asked_about(world: &World, payment_id: &str) -> Result<()> {
    let began = Instant::now();
    let query = format!("SELECT coalesce(status, '') FROM attempts WHERE payment_id = '{payment_id}'");
    while world.database.rows(&query)? != [["success"]] {
        ensure!(began.elapsed() < ASKS_WITHIN, "nobody asked about {payment_id} within {ASKS_WITHIN:?}");
        sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Debian's package `faketime` has it.
fn library() -> Result<PathBuf> {
    let architectures = fs::read_dir("/usr/lib")?.flatten().map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    architectures.into_iter().find(|library| library.exists()).context("Debian's package faketime is not installed")
}

//! `bench`: builds the shop and the program that measures it, both for release, and starts the latter.

use crate::programs::{self, Profile};
use crate::step::{cargo, step};
use crate::{install, postgres};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Builds both at once, so that libraries that both use are built once.
const BUILD: &str = "build --release --package storefront --features storefront/ssr --bin storefront --package bench --bin bench";

pub fn bench(arguments: &[&str]) -> Result<()> {
    let needs_server = matches!(arguments, [] | ["growth", ..]);
    if needs_server {
        install::postgres()?;
    }
    step("building the shop and the program that measures it", &mut cargo(BUILD))?;
    let program = programs::folder_of(Profile::Release)?.join("bench");
    let mut bench = Command::new(&program);
    bench.args(arguments);
    let measure = |bench: &mut Command| {
        let status = bench.status().context("starting the measurement")?;
        if status.success() { Ok(()) } else { bail!("the measurement failed ({status})") }
    };
    if !needs_server {
        return measure(&mut bench);
    }
    postgres::beside_durable(|server| measure(bench.env("BENCH_DATABASE_SERVER", server.address).env("PATH", server.path)))
}

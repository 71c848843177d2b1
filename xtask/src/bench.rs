//! `bench`: builds the shop and the program that measures it, both for release, and starts the latter.

use crate::programs::{self, Profile};
use crate::step::{cargo, step};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Builds both at once, so that libraries that both use are built once.
const BUILD: &str = "build --release --package storefront --features storefront/ssr --bin storefront --package bench --bin bench";

pub fn bench(arguments: &[&str]) -> Result<()> {
    step("building the shop and the program that measures it", &mut cargo(BUILD))?;
    let program = programs::folder_of(Profile::Release)?.join("bench");
    let status = Command::new(&program).args(arguments).status().context("starting the measurement")?;
    if !status.success() {
        bail!("the measurement failed ({status})");
    }
    Ok(())
}

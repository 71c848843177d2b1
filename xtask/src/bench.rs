//! `bench`: builds the shop for release, and the program that measures it. What is measured is told there.

use crate::programs::{self, Profile};
use crate::step::{cargo, step};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Both in one go, so that they share the libraries they have in common.
const BUILD: &str = "build --release --package storefront --features storefront/ssr --bin storefront --package bench --bin bench";

pub fn bench(arguments: &[&str]) -> Result<()> {
    step("building the shop, and what measures it", &mut cargo(BUILD))?;
    let program = programs::folder_of(Profile::Release)?.join("bench");
    let status = Command::new(&program).args(arguments).status().context("starting the measurement")?;
    if !status.success() {
        bail!("nothing, or not all, was measured ({status})");
    }
    Ok(())
}

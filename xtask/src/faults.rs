//! `faults`: builds the shop, the sandbox and the program that disturbs them, and starts the latter.

use crate::install;
use crate::programs;
use crate::step::{cargo, step};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Arguments go to the program: `short`, an engine, parts of the names of faults.
pub fn faults(arguments: &[&str]) -> Result<()> {
    install::for_faults()?;
    step("building the shop and the sandbox", &mut cargo("build --features ssr --bins"))?;
    step("building what disturbs them", &mut cargo("build --package faults"))?;
    let program = programs::folder()?.join("faults");
    let status = Command::new(&program).args(arguments).status().context("starting what disturbs them")?;
    if !status.success() {
        bail!("the shop does not stand all faults ({status})");
    }
    Ok(())
}

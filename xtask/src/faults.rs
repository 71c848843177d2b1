//! `faults` and `cluster`: builds the shop, the sandbox and the program that disturbs them, and starts the latter.

use crate::install;
use crate::pair;
use crate::programs::{self, Profile, build_everything};
use crate::step::{cargo, step};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Three shops behind a proxy, until Ctrl-C.
pub fn cluster() -> Result<()> {
    pair::expect_free_ports()?;
    faults(&["cluster"])
}

/// Arguments go to the program: `short`, an engine, parts of the names of faults.
pub fn faults(arguments: &[&str]) -> Result<()> {
    install::for_faults()?;
    pair::catch_stop()?; // it undoes what it did before it ends
    build_everything(Profile::Debug)?;
    step("building what disturbs them", &mut cargo("build --package faults"))?;
    let program = programs::folder()?.join("faults");
    let status = Command::new(&program).args(arguments).status().context("starting what disturbs them")?;
    if !status.success() && !pair::told_to_stop() {
        bail!("the shop does not stand all faults ({status})");
    }
    Ok(())
}

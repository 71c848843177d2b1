//! Does to the shop what goes wrong in the world, and counts what is lost or done twice. `cargo xtask faults` builds all programs
//! and starts this.
//!
//! A slow answer is no failure: the table shows the longest outage. A lost or doubled thing is.

mod cluster; // several shops for people to look at
mod end; // whether all ended right
mod ground; // where faults are tried: programs, folder, engine
mod matrix; // the faults
mod outcome; // what came of one, and the table
mod story; // what happens in a shop meanwhile
mod told; // whether the log told what it must not
mod world; // a shop, its database, its platform and its customers

use anyhow::{Result, bail};
use ground::{Depth, EngineName};
use std::process::ExitCode;
use world::early_end;

fn main() -> ExitCode {
    match command() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Arguments: `cluster` alone, or `short`, an engine, and parts of the names of faults; all may be left out.
fn command() -> Result<bool> {
    early_end::catch()?;
    let (mut depth, mut engines, mut names) = (Depth::Whole, Vec::new(), Vec::new());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "cluster" => return cluster::run().map(|()| true),
            "short" => depth = Depth::Short,
            "sqlite" => engines.push(EngineName::Sqlite),
            "postgres" => engines.push(EngineName::Postgres),
            option if option.starts_with('-') => bail!("there is no option {option}"),
            name => names.push(name.to_owned()),
        }
    }
    if engines.is_empty() {
        engines = vec![EngineName::Sqlite, EngineName::Postgres];
    }
    matrix::run(&engines, depth, &names)
}

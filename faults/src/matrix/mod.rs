//! The faults, and how all of them are tried.

mod killed; // at every write and flush

use crate::ground::{Depth, EngineName, Ground};
use crate::outcome::{self, Outcome};
use anyhow::{Result, ensure};
use std::time::Instant;

/// A line of the table.
pub struct Fault {
    pub name: &'static str,
    pub engines: &'static [EngineName],
    /// Whether the short form has it.
    pub in_short: bool,
    pub run: fn(&Ground) -> Result<Outcome>,
}

const SQLITE: &[EngineName] = &[EngineName::Sqlite];
const POSTGRES: &[EngineName] = &[EngineName::Postgres];
const BOTH: &[EngineName] = &[EngineName::Sqlite, EngineName::Postgres];

const FAULTS: &[Fault] = &[Fault { name: "killed at each flush", engines: SQLITE, in_short: true, run: killed::at_each_flush }];

/// Tries all faults that are asked for, and prints the table. False: something was lost or done twice.
pub fn run(engines: &[EngineName], depth: Depth, names: &[String]) -> Result<bool> {
    let began = Instant::now();
    let mut lines = Vec::new();
    for engine in engines {
        let wanted = |fault: &&Fault| {
            let named = names.is_empty() || names.iter().any(|name| fault.name.contains(name.as_str()));
            named && fault.engines.contains(engine) && (depth == Depth::Whole || fault.in_short)
        };
        let ground = Ground::new(*engine, depth)?;
        for fault in FAULTS.iter().filter(wanted) {
            let began = Instant::now();
            let outcome = (fault.run)(&ground).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")));
            eprintln!("» {engine}: {} ({:.0} s)", fault.name, began.elapsed().as_secs_f64());
            outcome.wrong.iter().for_each(|wrong| eprintln!("  {wrong}"));
            lines.push((*engine, fault.name, outcome));
        }
    }
    ensure!(!lines.is_empty(), "there is no such fault");
    outcome::print_head();
    for (engine, name, outcome) in &lines {
        outcome::print(&engine.to_string(), name, outcome);
    }
    println!("\nin {:.0} s", began.elapsed().as_secs_f64());
    Ok(lines.iter().all(|(_, _, outcome)| outcome.is_right()))
}

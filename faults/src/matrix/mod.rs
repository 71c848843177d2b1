//! The faults, and how all of them are tried.

mod arrivals; // how callbacks arrive
mod clock; // somebody sets it
mod disk; // it does not flush, it is full
mod killed; // at every write, flush and message
mod locked; // by another program
mod machine; // little memory, a log that nobody reads
mod migration; // killed while it makes the tables
mod platform; // what it may do wrong
mod server; // a database server that goes away
mod strangers; // slow, forged, hostile
mod transfers_killed; // a refund's command, at every write and send

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

const FAULTS: &[Fault] = &[
    Fault { name: "killed at each flush", engines: SQLITE, in_short: true, run: killed::at_each_flush },
    Fault { name: "killed at each write", engines: SQLITE, in_short: true, run: killed::at_each_write },
    Fault { name: "killed at each send", engines: BOTH, in_short: true, run: killed::at_each_send },
    Fault { name: "killed at messages to the database", engines: POSTGRES, in_short: true, run: killed::at_messages },
    Fault { name: "killed at each COMMIT", engines: POSTGRES, in_short: true, run: killed::at_each_commit },
    Fault { name: "connection cut before each COMMIT", engines: POSTGRES, in_short: true, run: killed::cut_before_each_commit },
    Fault { name: "connection cut after each COMMIT", engines: POSTGRES, in_short: true, run: killed::cut_after_each_commit },
    Fault { name: "a refund's command killed at each write and send", engines: BOTH, in_short: true, run: transfers_killed::at_each_call },
    Fault { name: "database killed at writes and flushes", engines: POSTGRES, in_short: false, run: server::killed_at_each_write },
    Fault { name: "database restarted", engines: POSTGRES, in_short: true, run: server::restarted },
    Fault { name: "database gone for 15 s", engines: POSTGRES, in_short: false, run: server::gone },
    Fault { name: "connections used up", engines: POSTGRES, in_short: true, run: server::connections_used_up },
    Fault { name: "flushes fail (EIO)", engines: BOTH, in_short: true, run: disk::flushes_fail },
    Fault { name: "disk full and free again (ENOSPC)", engines: BOTH, in_short: true, run: disk::full },
    Fault { name: "database locked by another program", engines: BOTH, in_short: true, run: locked::locked },
    Fault { name: "killed while the tables are made", engines: BOTH, in_short: true, run: migration::killed },
    Fault { name: "clock set 3 days forward, back, and right", engines: BOTH, in_short: true, run: clock::set },
    Fault { name: "platform loses callbacks", engines: BOTH, in_short: true, run: platform::loses_callbacks },
    Fault { name: "platform repeats, shuffles, delays them", engines: BOTH, in_short: false, run: platform::repeats_shuffles_delays },
    Fault { name: "platform signs wrongly, half, not at all", engines: BOTH, in_short: false, run: platform::signs_wrongly },
    Fault { name: "platform names other sums", engines: BOTH, in_short: false, run: platform::names_other_sums },
    Fault { name: "platform declines, then succeeds", engines: BOTH, in_short: false, run: platform::succeeds_late },
    Fault { name: "Gate is silent, resets, stutters, 502, 429", engines: BOTH, in_short: true, run: platform::gate_fails },
    Fault { name: "600 slow clients", engines: BOTH, in_short: false, run: strangers::slow_clients },
    Fault { name: "1,000 equal callbacks at once", engines: BOTH, in_short: true, run: arrivals::equal },
    Fault { name: "all orders of a payment's callbacks", engines: BOTH, in_short: true, run: arrivals::all_orders },
    Fault { name: "callback and customer at one moment", engines: BOTH, in_short: true, run: arrivals::with_the_customer },
    Fault { name: "forged and cut callbacks", engines: BOTH, in_short: true, run: strangers::forged_and_cut },
    Fault { name: "hostile bodies", engines: BOTH, in_short: true, run: strangers::hostile_bodies },
    Fault { name: "little memory under hostile bodies", engines: BOTH, in_short: false, run: machine::little_memory },
    Fault { name: "a log that nobody reads", engines: BOTH, in_short: true, run: machine::unread_log },
];

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

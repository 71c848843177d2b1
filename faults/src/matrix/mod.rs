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
mod shops; // several, of which one is killed
mod strangers; // slow, forged, hostile
mod transfers_killed; // the commands refund and payout, at every write and send

use crate::ground::Depth::{self, Short, Whole};
use crate::ground::{EngineName, Ground};
use crate::outcome::{self, Outcome};
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// A line of the table.
pub struct Fault {
    name: &'static str,
    engines: &'static [EngineName],
    /// `Short`: the short form has it, too.
    depth: Depth,
    run: fn(&Ground) -> Result<Outcome>,
}

const fn fault(name: &'static str, engines: &'static [EngineName], depth: Depth, run: fn(&Ground) -> Result<Outcome>) -> Fault {
    Fault { name, engines, depth, run }
}

const SQLITE: &[EngineName] = &[EngineName::Sqlite];
const SERVER: &[EngineName] = &[EngineName::Postgres];
const BOTH: &[EngineName] = &[EngineName::Sqlite, EngineName::Postgres];

const FAULTS: &[Fault] = &[
    fault("killed at each flush", SQLITE, Short, killed::at_each_flush),
    fault("killed at each write", SQLITE, Short, killed::at_each_write),
    fault("killed at each send", BOTH, Whole, killed::at_each_send),
    fault("killed at messages to the database", SERVER, Whole, killed::at_messages),
    fault("killed at each COMMIT", SERVER, Short, killed::at_each_commit),
    fault("connection cut before each COMMIT", SERVER, Whole, killed::cut_before_each_commit),
    fault("connection cut after each COMMIT", SERVER, Short, killed::cut_after_each_commit),
    fault("a refund's command killed at each write and send", BOTH, Whole, transfers_killed::refund),
    fault("a payout's command killed at each write and send", BOTH, Whole, transfers_killed::payout),
    fault("killed while the tables are made", BOTH, Whole, migration::killed),
    fault("database killed at writes and flushes", SERVER, Whole, server::killed_at_each_write),
    fault("database restarted", SERVER, Short, server::restarted),
    fault("database gone for 15 s", SERVER, Whole, server::gone),
    fault("connections used up", SERVER, Short, server::connections_used_up),
    fault("three shops, one killed every 3 s", SERVER, Short, shops::killed_one_after_another),
    fault("database locked by another program", BOTH, Whole, locked::locked),
    fault("flushes fail (EIO)", BOTH, Whole, disk::flushes_fail),
    fault("disk full and free again (ENOSPC)", BOTH, Short, disk::full),
    fault("clock set 3 days forward, back, and right", BOTH, Whole, clock::set),
    fault("platform loses callbacks", BOTH, Short, platform::loses_callbacks),
    fault("platform repeats, shuffles, delays them", BOTH, Whole, platform::repeats_shuffles_delays),
    fault("platform signs wrongly, half, not at all", BOTH, Whole, platform::signs_wrongly),
    fault("platform names other sums", BOTH, Whole, platform::names_other_sums),
    fault("platform declines, then succeeds", BOTH, Whole, platform::succeeds_late),
    fault("Gate is silent, resets, stutters, 502, 429", BOTH, Short, platform::gate_fails),
    fault("600 slow clients", BOTH, Whole, strangers::slow_clients),
    fault("1,000 equal callbacks at once", BOTH, Short, arrivals::equal),
    fault("all orders of a payment's callbacks", BOTH, Short, arrivals::all_orders),
    fault("callback and customer at one moment", BOTH, Short, arrivals::with_the_customer),
    fault("forged and cut callbacks", BOTH, Whole, strangers::forged_and_cut),
    fault("hostile bodies", BOTH, Short, strangers::hostile_bodies),
    fault("little memory under hostile bodies", BOTH, Whole, machine::little_memory),
    fault("a log that nobody reads", BOTH, Whole, machine::unread_log),
];

/// What nobody outside can bring about, and the test that does.
const ELSEWHERE: &[(&str, &str)] = &[("a worker panics", "tests/it/running/workers.rs")];

/// Faults that are tried at one time: they wait much.
const AT_ONCE: usize = 2;

/// Tries all faults that are asked for, and prints the table. False: something was lost or done twice, or the log tells what it must not.
pub fn run(engines: &[EngineName], depth: Depth, names: &[String]) -> Result<bool> {
    let began = Instant::now();
    outcome::print_head();
    let mut is_right = true;
    for engine in engines {
        let wanted = |fault: &&Fault| {
            let named = names.is_empty() || names.iter().any(|name| fault.name.contains(name.as_str()));
            let is_deep_enough = depth == Whole || fault.depth == Short || !names.is_empty();
            named && is_deep_enough && fault.engines.contains(engine)
        };
        let faults: Vec<_> = FAULTS.iter().filter(wanted).collect();
        ensure!(!faults.is_empty(), "there is no such fault");
        let ground = Ground::new(*engine, depth)?;
        for (fault, outcome) in faults.iter().zip(all_of(&ground, &faults)) {
            outcome::print(&engine.to_string(), fault.name, &outcome);
            outcome.wrong.iter().for_each(|wrong| println!("    {wrong}"));
            is_right &= outcome.is_right();
        }
    }
    for (what, test) in ELSEWHERE.iter().filter(|_| names.is_empty()) {
        println!("{:<10}{what:<52}no way from outside: {test}", "");
    }
    println!("\nin {:.0} s", began.elapsed().as_secs_f64());
    Ok(is_right)
}

/// The outcomes, in the order of the faults.
fn all_of(ground: &Ground, faults: &[&Fault]) -> Vec<Outcome> {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some((place, fault)) =
            Some(next.fetch_add(1, Ordering::SeqCst)).and_then(|place| Some((place, faults.get(place)?)))
        {
            let began = Instant::now();
            let outcome = (fault.run)(ground).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")));
            eprintln!("» {}: {} ({:.0} s)", ground.engine, fault.name, began.elapsed().as_secs_f64());
            outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(place, outcome);
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    outcomes.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

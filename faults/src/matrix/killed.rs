//! kill −9 at the first, second, third … write, flush or message of a shop, until a run is over before the kill.

use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::world::shop::Under;
use crate::world::wire::{Counted, Harm, Wire};
use crate::world::{World, trace};
use crate::{end, story};
use anyhow::{Context, Result};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// More moments than a run has.
const MOST: usize = 3_000;
/// Runs at one time: each waits a good part of it.
const AT_ONCE: usize = 3;

pub fn at_each_flush(ground: &Ground) -> Result<Outcome> {
    sweep(if ground.is_short() { 9 } else { 1 }, |moment| below_strace(ground, "fsync,fdatasync", moment))
}

pub fn at_each_write(ground: &Ground) -> Result<Outcome> {
    sweep(if ground.is_short() { 40 } else { 1 }, |moment| below_strace(ground, "pwrite64", moment))
}

/// To the browser, to the platform, and to a database server.
pub fn at_each_send(ground: &Ground) -> Result<Outcome> {
    sweep(if ground.is_short() { 9 } else { 1 }, |moment| below_strace(ground, "sendto,writev", moment))
}

/// Of the many messages to a database server, one in twelve.
pub fn at_messages(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 120 } else { 12 };
    sweep(step, |moment| over_wire(ground, Counted::Messages, moment, Harm::Kill))
}

pub fn at_each_commit(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 9 } else { 1 };
    sweep(step, |moment| over_wire(ground, Counted::Commits, moment, Harm::Kill))
}

pub fn cut_before_each_commit(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 9 } else { 1 };
    sweep(step, |moment| over_wire(ground, Counted::Commits, moment, Harm::CutBefore))
}

pub fn cut_after_each_commit(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 9 } else { 1 };
    sweep(step, |moment| over_wire(ground, Counted::Commits, moment, Harm::CutAfter))
}

/// Runs at the first moment, and then at one of so many, until a run says that its moment never came.
pub fn sweep(step: usize, run: impl Fn(usize) -> Result<(Outcome, bool)> + Sync) -> Result<Outcome> {
    let (next, over, all) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(Outcome::default()));
    let work = || {
        while !over.load(Ordering::SeqCst) {
            let moment = 1 + step * next.fetch_add(1, Ordering::SeqCst);
            let (outcome, came) =
                run(moment).unwrap_or_else(|error| (Outcome::failed(format!("at moment {moment}: {error:#}")), moment < MOST));
            if !came {
                over.store(true, Ordering::SeqCst);
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).add(outcome);
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The story, in a shop that is killed at one of these calls of the system. False: it was not.
fn below_strace(ground: &Ground, calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.world()?;
    world.shop.stops()?;
    world.shop.starts(&Under { command: trace::killing(calls, moment), ..Under::nothing() })?;
    let starts = world.shop.starts_so_far();
    story::play(&world)?;
    let survived = world.shop.runs() && world.shop.starts_so_far() == starts;
    Ok((end::check(&world)?, !survived))
}

/// The story, in a shop to whose messages something is done.
fn over_wire(ground: &Ground, counted: Counted, moment: usize, harm: Harm) -> Result<(Outcome, bool)> {
    let world = ground.world()?;
    world.shop.stops()?;
    let server = ground.cluster().context("a database server")?.port;
    let wire = Wire::to(server, counted, moment, harm, world.shop.killer())?;
    let address = world.database.address().replace(&format!(":{server}/"), &format!(":{}/", wire.port));
    let shop = world.shop.with("DATABASE_URL", &address);
    let world = World { shop, ..world };
    world.shop.starts(&Under::nothing())?;
    story::play(&world)?;
    let did_harm = wire.did_harm();
    Ok((end::check(&world)?, did_harm))
}

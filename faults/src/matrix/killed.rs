//! kill −9 at the first, second, third … write or flush, until a run is over before the kill. strace does it.

use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::world::shop::Under;
use crate::{end, story};
use anyhow::Result;

/// More writes than a run has.
const MOST: usize = 2_000;
/// Of so many moments, the short form tries one.
const SHORT_STEP: usize = 40;

pub fn at_each_flush(ground: &Ground) -> Result<Outcome> {
    sweep(ground, "fsync,fdatasync", 4)
}

/// Runs the story with a kill at each of these calls of the system.
fn sweep(ground: &Ground, calls: &str, short_step: usize) -> Result<Outcome> {
    let step = if ground.is_short() { short_step } else { 1 };
    let mut all = Outcome::default();
    for moment in (1..MOST).step_by(step) {
        let (outcome, survived) = run(ground, calls, moment)?;
        all.add(outcome);
        if survived {
            break;
        }
    }
    Ok(all)
}

fn run(ground: &Ground, calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.world()?;
    world.shop.stops()?;
    let kill = format!("inject={calls}:signal=SIGKILL:when={moment}");
    let traced = format!("trace={calls}");
    let under = Under::command(&["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", &traced, "-e", &kill]);
    world.shop.starts(&under)?;
    let starts = world.shop.starts_so_far();
    story::play(&world)?;
    let survived = world.shop.runs() && world.shop.starts_so_far() == starts;
    Ok((end::check(&world)?, survived))
}

//! A disk that does not flush, and one that is full for a while.

use crate::end;
use crate::ground::{EngineName, Ground};
use crate::outcome::Outcome;
use crate::story;
use crate::world::World;
use crate::world::cluster::Cluster;
use crate::world::shop::Under;
use crate::world::trace::Trace;
use anyhow::{Result, ensure};
use std::thread::sleep;
use std::time::Duration;

const FULL_FOR: Duration = Duration::from_secs(3);

/// Three flushes in a row fail, from the first, second, third … on.
pub fn flushes_fail(ground: &Ground) -> Result<Outcome> {
    let mut all = Outcome::default();
    for from in (1..=20).step_by(if ground.is_short() { 19 } else { 3 }) {
        let how = format!("fsync,fdatasync:error=EIO:when={from}..{}", from + 2);
        all.add(disturbed(ground, &how, None)?);
    }
    Ok(all)
}

pub fn full(ground: &Ground) -> Result<Outcome> {
    disturbed(ground, "pwrite64:error=ENOSPC", Some(FULL_FOR))
}

/// Stories while calls of whoever writes the database's files fail: the shop, or the server.
fn disturbed(ground: &Ground, how: &str, within: Option<Duration>) -> Result<Outcome> {
    let cluster = (ground.engine == EngineName::Postgres).then(|| ground.own_cluster()).transpose()?;
    let world = ground.unopened_world(cluster.as_ref())?;
    ensure!(world.shop.starts(&Under::nothing())?, "the shop does not start");
    let writers = || match &cluster {
        Some(cluster) => cluster.processes(),
        None => Ok(vec![world.shop.id()?]),
    };
    story::beside(&world, || {
        let trace = Trace::inject(&writers()?, how)?;
        sleep(within.unwrap_or(FULL_FOR * 2));
        trace.ends();
        cluster.as_ref().map_or(Ok(()), Cluster::stands)
    })?;
    end_with(&world, cluster)
}

/// The server must outlive the look at the end.
fn end_with(world: &World, cluster: Option<Cluster>) -> Result<Outcome> {
    let outcome = end::check(world);
    world.shop.is_killed();
    drop(cluster);
    outcome
}

//! The database server: restarted, gone for a while, killed while it writes, out of connections.

use super::killed::sweep;
use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::story;
use crate::world::database::Database;
use crate::world::shop::Under;
use crate::world::trace::Trace;
use anyhow::{Result, bail, ensure};
use std::thread::sleep;
use std::time::Duration;

const GONE_FOR: Duration = Duration::from_secs(15);
const USED_UP_FOR: Duration = Duration::from_secs(5);

/// As an administrator does it, then as a cut of the power does it.
pub fn restarted(ground: &Ground) -> Result<Outcome> {
    on_its_own(ground, |cluster| {
        for how in ["fast", "immediate", "fast", "immediate"] {
            cluster.stops(how)?;
            cluster.starts()?;
            sleep(Duration::from_secs(1));
        }
        Ok(())
    })
}

pub fn gone(ground: &Ground) -> Result<Outcome> {
    on_its_own(ground, |cluster| {
        cluster.stops("immediate")?;
        sleep(GONE_FOR);
        cluster.starts()
    })
}

/// One of its processes is killed at a write or flush; it ends all others then, and recovers.
pub fn killed_at_each_write(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 12 } else { 2 };
    let mut all = sweep(step, |moment| killed(ground, "pwrite64", moment))?;
    all.add(sweep(step, |moment| killed(ground, "fsync,fdatasync", moment))?);
    Ok(all)
}

fn killed(ground: &Ground, calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let cluster = ground.own_cluster()?;
    let world = ground.unopened_world(Some(&cluster))?;
    ensure!(world.shop.starts(&Under::nothing())?, "the shop does not start");
    world.shop.stops()?;
    let crashes = cluster.crashes()?;
    let trace = Trace::inject(&cluster.processes()?, &format!("{calls}:signal=SIGKILL:when={moment}"))?;
    world.shop.starts(&Under::nothing())?;
    story::play(&world)?;
    trace.ends();
    cluster.stands()?;
    let outcome = end::check(&world);
    world.shop.is_killed();
    Ok((outcome?, cluster.crashes()? > crashes))
}

/// The shop's connections are ended, and no new ones let in.
pub fn connections_used_up(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    let Database::Server { owner, .. } = &world.database else { bail!("no server") };
    let name = owner.rsplit('/').next().unwrap_or_default();
    story::beside(&world, || {
        world.database.run(&format!("ALTER DATABASE {name} CONNECTION LIMIT 0"))?;
        world.database.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        ))?;
        sleep(USED_UP_FOR);
        world.database.run(&format!("ALTER DATABASE {name} CONNECTION LIMIT -1"))
    })?;
    end::check(&world)
}

fn on_its_own(ground: &Ground, harm: impl FnOnce(&crate::world::cluster::Cluster) -> Result<()>) -> Result<Outcome> {
    let cluster = ground.own_cluster()?;
    let world = ground.unopened_world(Some(&cluster))?;
    ensure!(world.shop.starts(&Under::nothing())?, "the shop does not start");
    story::beside(&world, || harm(&cluster))?;
    let outcome = end::check(&world);
    world.shop.is_killed();
    outcome
}

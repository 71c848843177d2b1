//! kill −9 at each write, flush and message of the first start, which makes the tables. The next start makes them all.

use crate::end;
use crate::ground::{EngineName, Ground};
use crate::outcome::Outcome;
use crate::world::shop::Under;
use crate::world::wire::{Counted, Harm, Wire};
use crate::world::{World, customer, trace};
use anyhow::{Context, Result, ensure};

pub fn killed(ground: &Ground) -> Result<Outcome> {
    let whole = tables(&ground.world()?)?;
    let step = if ground.is_short() { 80 } else { 2 };
    match ground.engine {
        EngineName::Sqlite => {
            let mut all = super::killed::sweep(step, |moment| on_a_file(ground, &whole, "pwrite64", moment))?;
            all.add(super::killed::sweep(step.div_ceil(10), |moment| {
                on_a_file(ground, &whole, "fsync,fdatasync,ftruncate", moment)
            })?);
            Ok(all)
        }
        EngineName::Postgres => super::killed::sweep(step.div_ceil(10), |moment| on_a_server(ground, &whole, moment)),
    }
}

fn on_a_file(ground: &Ground, whole: &[Vec<String>], calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.unopened_world(None)?;
    let was_killed = !world.shop.starts(&Under { command: trace::killing(calls, moment), ..Under::nothing() })?;
    world.shop.is_killed();
    Ok((next_start(&world, whole)?, was_killed))
}

fn on_a_server(ground: &Ground, whole: &[Vec<String>], moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.unopened_world(ground.cluster())?;
    let server = ground.cluster().context("a database server")?.port;
    let wire = Wire::to(server, Counted::Messages, moment, Harm::Kill, world.shop.killer())?;
    let address = world.database.address();
    let shop = world.shop.with("DATABASE_URL", &address.replace(&format!(":{server}/"), &format!(":{}/", wire.port)));
    let was_killed = !shop.starts(&Under::nothing())?;
    shop.is_killed();
    let world = World { shop: shop.with("DATABASE_URL", &address), ..world };
    Ok((next_start(&world, whole)?, was_killed))
}

/// It has all tables, and sells.
fn next_start(world: &World, whole: &[Vec<String>]) -> Result<Outcome> {
    ensure!(world.shop.starts(&Under::nothing())?, "the next start fails; see {}", world.folder.display());
    ensure!(tables(world)? == whole, "not all tables are there");
    world.platform_is_silent()?;
    let purchase = customer::orders(world, "KR", "payco-wallet")?;
    customer::answers(world, &purchase, "approve")?;
    world.tells_all()?;
    end::check(world)
}

/// Names of tables, views, indexes and triggers.
fn tables(world: &World) -> Result<Vec<Vec<String>>> {
    world.database.rows(match world.database {
        crate::world::database::Database::File(_) => "SELECT type, name FROM sqlite_master ORDER BY 1, 2",
        crate::world::database::Database::Server { .. } => {
            "SELECT relkind, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2"
        }
    })
}

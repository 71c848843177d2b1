//! kill −9 of `storefront refund` at each write and each send: whoever asked says the same again, and one refund is made.

use super::killed::sweep;
use crate::end;
use crate::ground::{EngineName, Ground};
use crate::outcome::Outcome;
use crate::world::shop::Under;
use crate::world::{customer, trace};
use anyhow::{Result, ensure};

/// Said again, it is the same refund.
const REFUND: [&str; 6] = ["--reason", "came broken", "--name", "refund-by-command", "--amount", "1000"];

pub fn at_each_call(ground: &Ground) -> Result<Outcome> {
    let step = if ground.is_short() { 12 } else { 1 };
    let mut all = sweep(ground, step, |moment| run(ground, "sendto,writev", moment))?;
    if ground.engine == EngineName::Sqlite {
        all.add(sweep(ground, step, |moment| run(ground, "pwrite64", moment))?);
        all.add(sweep(ground, step, |moment| run(ground, "fsync,fdatasync", moment))?);
    }
    Ok(all)
}

fn run(ground: &Ground, calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.world()?;
    world.platform_is_silent()?;
    let paid = customer::orders(&world, "KR", "payco-wallet")?;
    customer::answers(&world, &paid, "approve")?;
    world.tells_all()?;
    let words = ["refund", &paid.payment_id, "--currency", "KRW"];
    let words: Vec<&str> = words.into_iter().chain(REFUND).collect();
    let mut command = world.shop.command(&Under { command: trace::killing(calls, moment), ..Under::nothing() });
    let was_killed = !command.args(&words).output()?.status.success();
    if was_killed {
        let (asked, said) = world.command(&words)?;
        ensure!(asked, "storefront refund: {said}");
    }
    world.sandbox.has_decided()?;
    world.tells_all()?;
    Ok((end::check(&world)?, was_killed))
}

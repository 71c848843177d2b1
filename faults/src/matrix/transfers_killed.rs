//! kill −9 of `storefront refund` and `storefront payout` at each write and each send: whoever asked says the same again, and one
//! transfer is made.

use super::killed::sweep;
use crate::end;
use crate::ground::{EngineName, Ground};
use crate::outcome::Outcome;
use crate::world::customer::{self, Purchase};
use crate::world::shop::Under;
use crate::world::{World, trace};
use anyhow::{Result, ensure};

/// Their names: said again, it is the same transfer.
const REFUND: &str = "refund-by-command";
const PAYOUT: &str = "payout-by-command";

pub fn refund(ground: &Ground) -> Result<Outcome> {
    at_each_call(ground, |world| {
        let paid = pays(world, "KR", "payco-wallet")?;
        world.record.one_transfer(&paid.payment_id);
        let words =
            ["refund", &paid.payment_id, "--reason", "came broken", "--name", REFUND, "--amount", "1000", "--currency", "KRW"];
        Ok(words.map(str::to_owned).into())
    })
}

pub fn payout(ground: &Ground) -> Result<Outcome> {
    at_each_call(ground, |world| {
        let paid = pays(world, "PH", "paymaya-wallet")?;
        world.record.one_transfer(PAYOUT);
        let to = ["--customer", &paid.customer_id, "--account", customer::ACCOUNT, "--name", customer::FULL_NAME];
        Ok(["payout"].into_iter().chain(to).chain(["--amount", "10000", "--reference", PAYOUT]).map(str::to_owned).collect())
    })
}

fn pays(world: &World, market: &str, method: &str) -> Result<Purchase> {
    let paid = customer::orders(world, market, method)?;
    customer::answers(world, &paid, "approve")?;
    world.tells_all()?;
    Ok(paid)
}

fn at_each_call(ground: &Ground, command: fn(&World) -> Result<Vec<String>>) -> Result<Outcome> {
    let step = if ground.is_short() { 12 } else { 1 };
    let of_a_file = ["sendto,writev", "pwrite64", "fsync,fdatasync"];
    let calls = if ground.engine == EngineName::Sqlite { &of_a_file[..] } else { &of_a_file[..1] };
    let mut all = Outcome::default();
    for calls in calls {
        all.add(sweep(step, |moment| run(ground, command, calls, moment))?);
    }
    Ok(all)
}

fn run(ground: &Ground, command: fn(&World) -> Result<Vec<String>>, calls: &str, moment: usize) -> Result<(Outcome, bool)> {
    let world = ground.world()?;
    world.platform_is_silent()?;
    let words = command(&world)?;
    let mut killed = world.shop.command(&Under { command: trace::killing(calls, moment), ..Under::nothing() });
    let was_killed = !killed.args(&words).output()?.status.success();
    if was_killed {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (asked, said) = world.command(&words)?;
        ensure!(asked, "storefront {}: {said}", words.join(" "));
    }
    world.sandbox.has_decided()?;
    world.tells_all()?;
    Ok((end::check(&world)?, was_killed))
}

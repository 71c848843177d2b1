//! What happens in a shop while it is disturbed: two customers, one who pays and one whose payment is declined, all callbacks of
//! it, and a refund by an operator. Whoever gets no answer tries again.

use crate::world::World;
use crate::world::{customer, operator};
use anyhow::{Result, anyhow};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

/// Minor units of KRW, which has no smaller ones.
const PART: &str = "1000";

/// The sandbox sends nothing by itself: each callback is posted until it is acknowledged.
pub fn play(world: &World) -> Result<()> {
    world.platform_is_silent()?;
    let paid = customer::orders(world, "KR", "payco-wallet")?;
    customer::answers(world, &paid, "approve")?;
    customer::comes_back(world, &paid)?;
    world.tells_all()?;
    let declined = customer::orders(world, "BE", "bancontact")?;
    customer::answers(world, &declined, "decline")?;
    world.tells_all()?;
    operator::gives_back(world, &paid, PART)?;
    world.sandbox.has_decided()?;
    world.tells_all()
}

/// How many stories are told at one time, and for how long the shop is left alone before the harm.
const AT_ONCE: usize = 2;
const FIRST: Duration = Duration::from_millis(500);

/// Tells stories one after another while `harm` is done, and one more when it is over.
pub fn beside(world: &World, harm: impl FnOnce() -> Result<()>) -> Result<()> {
    world.platform_is_silent()?;
    let over = AtomicBool::new(false);
    let tell = || -> Result<()> {
        while !over.load(Ordering::SeqCst) {
            play(world)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let told: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(tell)).collect();
        sleep(FIRST);
        let harmed = harm();
        over.store(true, Ordering::SeqCst);
        let ends = told.into_iter().map(|teller| teller.join().unwrap_or_else(|_| Err(anyhow!("a story ended in a panic"))));
        ends.collect::<Result<Vec<()>>>()?;
        harmed
    })?;
    play(world)
}

//! What happens in a shop while it is disturbed: two customers, one who pays and one whose payment is declined, all callbacks of
//! it, and a refund by an operator. Whoever gets no answer tries again.

use crate::world::World;
use crate::world::{customer, operator};
use anyhow::Result;

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

//! Whether the shop's log tells who somebody is, a key, or an order's address, which is a secret, too.

use crate::world::{World, customer, operator};
use anyhow::{Context, Result};
use std::fs;

/// In each of the sandbox's keys, which the shop has as long as nobody sets others.
const PART_OF_KEYS: &str = "known-to-everyone";
const SECRETS: [&str; 7] = [
    PART_OF_KEYS,
    operator::EMAIL,
    operator::PASSWORD,
    customer::EMAIL,
    customer::LAST_NAME,
    customer::ACCOUNT,
    customer::FULL_NAME,
];

/// What an address begins with. A route has a name in brackets behind it.
const ADDRESS: &str = "/orders/";

/// The first line of each thing that should not be there.
pub fn by_the_log(world: &World) -> Result<Vec<String>> {
    let log = fs::read(world.folder.join("shop.log")).context("the shop's log")?;
    let log = String::from_utf8_lossy(&log);
    let tells_address = |line: &&str| line.split(ADDRESS).skip(1).any(|behind| !behind.starts_with('{'));
    let first = |secret: &&str| log.lines().find(|line| line.contains(secret));
    let lines = SECRETS.iter().filter_map(first).chain(log.lines().find(tells_address));
    Ok(lines.map(|line| format!("the log tells what it must not: {line}")).collect())
}

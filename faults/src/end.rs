//! Whether all ended right: every acknowledged callback is in the journal once, and orders, refunds, payouts and books are as the
//! platform has them, and the log tells nothing that it must not.

use crate::outcome::Outcome;
use crate::told;
use crate::world::World;
use crate::world::sandbox::{Operation, Payment};
use crate::world::shop::Under;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The shop asks after two seconds, then after four, eight and so on.
const ENDS_WITHIN: Duration = Duration::from_secs(100);
const LOOKS_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// The faults are over, the shop may need a while. What is wrong after that stays wrong.
pub fn check(world: &World) -> Result<Outcome> {
    world.shop.stands(&Under::nothing())?;
    world.sandbox.behaves()?;
    let began = Instant::now();
    let mut wrong = unlike_the_platform(world)?;
    while !wrong.is_empty() && began.elapsed() < ENDS_WITHIN {
        sleep(LOOKS_AGAIN_AFTER);
        world.shop.stands(&Under::nothing())?;
        wrong = unlike_the_platform(world)?;
    }
    let mut outcome = journal(world)?;
    outcome.runs = 1;
    wrong.extend(world.database.damage()?);
    for command in [["books"].as_slice(), &["reconcile", "--from", "2000-01-01", "--to", "2099-12-31"]] {
        let (agrees, said) = world.command(command)?;
        if !agrees {
            wrong.push(format!("storefront {}: {said}", command[0]));
        }
    }
    outcome.lost += wrong.len();
    outcome.wrong.extend(wrong);
    let doubled = doubled(world)?;
    outcome.doubled += doubled.len();
    outcome.wrong.extend(doubled);
    let told = told::by_the_log(world)?;
    outcome.told += told.len();
    outcome.wrong.extend(told);
    (outcome.outage, outcome.outage_began) = world.record.longest_outage();
    if !outcome.is_right() {
        outcome.wrong.push(format!("see {}", world.folder.display()));
    }
    Ok(outcome)
}

/// The journal beside what was acknowledged, to us and to the sandbox.
fn journal(world: &World) -> Result<Outcome> {
    let mut acknowledged = world.record.all_acknowledged();
    let told = world.sandbox.payments()?.into_iter().flat_map(|payment| payment.callbacks);
    acknowledged.extend(told.filter(|callback| callback.acknowledged).map(|callback| callback.body));
    let rows = world.database.journal()?;
    let kept: BTreeSet<&str> = rows.iter().map(|(body, _)| body.as_str()).collect();
    let missing: Vec<_> = acknowledged.iter().filter(|body| !kept.contains(body.as_str())).collect();
    Ok(Outcome {
        acknowledged: acknowledged.len(),
        stored: acknowledged.len() - missing.len(),
        lost: missing.len(),
        doubled: rows.len() - kept.len(),
        wrong: missing.iter().map(|body| format!("acknowledged, and not in the journal: {body}")).collect(),
        ..Outcome::default()
    })
}

/// The shop's word for each payment beside the platform's.
fn unlike_the_platform(world: &World) -> Result<Vec<String>> {
    let rows = world.database.rows("SELECT payment_id, coalesce(status, '') FROM attempts")?;
    let attempts: BTreeMap<_, _> = rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let rows = world.database.rows("SELECT payment_id, progress, kind FROM transfers WHERE kind <> 'sale'")?;
    let mut wrong = Vec::new();
    for payment in world.sandbox.payments()? {
        let transfers: Vec<_> = rows.iter().filter(|row| row[0] == payment.id).map(|row| row[1].as_str()).collect();
        match attempts.get(&payment.id) {
            Some(status) if *status != payment.status => {
                wrong.push(format!("payment {}: {status:?} in the shop, {:?} at the platform", payment.id, payment.status));
            }
            None if transfers.is_empty() => wrong.push(format!("payment {} is unknown to the shop", payment.id)),
            _ => {}
        }
        let moved: Vec<_> = payment.operations.iter().filter(|operation| operation.leaves()).collect();
        for (progress, status) in [("done", "success"), ("declined", "decline")] {
            let here = transfers.iter().filter(|known| **known == progress).count();
            let there = moved.iter().filter(|operation| operation.status == status).count();
            if here != there {
                wrong.push(format!("payment {}: {here} transfers are {progress}, the platform has {there}", payment.id));
            }
        }
        if transfers.iter().any(|progress| matches!(*progress, "stored" | "sending" | "pending")) {
            wrong.push(format!("payment {}: a transfer is under way still: {transfers:?}", payment.id));
        }
    }
    Ok(wrong)
}

/// Orders, operations and postings beyond those that somebody wanted.
fn doubled(world: &World) -> Result<Vec<String>> {
    let mut doubled = Vec::new();
    let orders = world.database.rows("SELECT number FROM orders")?.len();
    if orders > world.record.checkouts() {
        doubled.push(format!("{orders} orders, and Pay was pressed for {}", world.record.checkouts()));
    }
    for Payment { id, operations, .. } in world.sandbox.payments()? {
        let wanted = world.record.transfers_of(&id);
        let made = operations.iter().filter(|operation| operation.leaves()).count();
        let sales = operations.iter().filter(|operation| operation.kind == "sale" && operation.status == "success").count();
        if made > wanted || sales > 1 {
            doubled.push(format!("payment {id}: {made} transfers at the platform, {wanted} were wanted; {sales} sales"));
        }
    }
    let postings = world.database.rows("SELECT kind, reference FROM postings GROUP BY kind, reference HAVING count(*) > 1")?;
    doubled.extend(postings.iter().map(|row| format!("posted twice: {row:?}")));
    Ok(doubled)
}

impl Operation {
    /// Money goes from the merchant.
    fn leaves(&self) -> bool {
        matches!(self.kind.as_str(), "refund" | "reversal" | "payout")
    }
}

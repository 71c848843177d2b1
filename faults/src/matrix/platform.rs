//! What the platform may do wrong: callbacks and answers of Gate. Faults at the sandbox; the shop is left alone.

use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::world::{World, customer, operator};
use anyhow::Result;
use serde_json::{Value, json};
use std::thread::{self, sleep};
use std::time::Duration;

/// Between a customer's steps; some of what the platform sends is late.
const A_WHILE: Duration = Duration::from_secs(3);
/// Six tries ten seconds apart.
const TRIES_AGAIN: Duration = Duration::from_secs(11);

pub fn loses_callbacks(ground: &Ground) -> Result<Outcome> {
    each(ground, [json!({ "drop": 1 }), json!({ "drop": 0.5 })])
}

pub fn repeats_shuffles_delays(ground: &Ground) -> Result<Outcome> {
    let all = json!({ "duplicate": 3, "shuffle": true, "delay_ms": 700 });
    each(ground, [json!({ "duplicate": 9 }), json!({ "shuffle": true }), json!({ "delay_ms": 2_000 }), all])
}

pub fn signs_wrongly(ground: &Ground) -> Result<Outcome> {
    each(ground, ["forged", "truncated", "missing"].map(|signature| json!({ "signature": signature })))
}

pub fn names_other_sums(ground: &Ground) -> Result<Outcome> {
    each(ground, [json!({ "amount": 1 }), json!({ "currency": "PHP" })])
}

pub fn succeeds_late(ground: &Ground) -> Result<Outcome> {
    each(ground, [json!({ "late_success": true })])
}

pub fn gate_fails(ground: &Ground) -> Result<Outcome> {
    each(ground, ["timeout", "reset", "half_json", "html_502", "too_many_requests"].map(|gate| json!({ "gate": gate })))
}

/// Each kind of fault on a shop of its own. They wait most of the time, so all at once.
fn each<const N: usize>(ground: &Ground, faults: [Value; N]) -> Result<Outcome> {
    let mut all = Outcome::default();
    thread::scope(|scope| {
        let runs = faults.map(|faults| scope.spawn(move || (run(ground, &faults), faults)));
        for run in runs {
            match run.join() {
                Ok((Ok(outcome), faults)) if !outcome.is_right() => {
                    all.wrong.push(format!("with {faults}:"));
                    all.add(outcome);
                }
                Ok((Ok(outcome), _)) => all.add(outcome),
                Ok((Err(error), faults)) => all.add(Outcome::failed(format!("with {faults}: {error:#}"))),
                Err(_) => all.add(Outcome::failed("a run ended in a panic".to_owned())),
            }
        }
    });
    Ok(all)
}

fn run(ground: &Ground, faults: &Value) -> Result<Outcome> {
    let world = ground.world()?;
    let refunded = customer::orders(&world, "KR", "payco-wallet")?;
    customer::answers(&world, &refunded, "approve")?;
    knows(&world, &refunded.payment_id, "success")?;
    world.sandbox.misbehaves(faults)?;
    for (decision, market, method) in
        [("approve", "KR", "payco-wallet"), ("decline", "BE", "bancontact"), ("approve", "PH", "paymaya-wallet")]
    {
        let purchase = customer::orders(&world, market, method)?;
        customer::answers(&world, &purchase, decision)?;
        customer::comes_back(&world, &purchase)?;
    }
    operator::gives_back(&world, &refunded, "1000")?;
    sleep(A_WHILE);
    for _ in 0..2 {
        world.sandbox.waits(TRIES_AGAIN)?;
        sleep(A_WHILE);
    }
    end::check(&world)
}

/// Waits until the shop knows.
fn knows(world: &World, payment_id: &str, status: &str) -> Result<()> {
    let query = format!("SELECT coalesce(status, '') FROM attempts WHERE payment_id = '{payment_id}'");
    for _ in 0..200 {
        if world.database.rows(&query)? == [[status]] {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    anyhow::bail!("the shop never hears of {payment_id}")
}

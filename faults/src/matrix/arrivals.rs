//! How callbacks arrive: a thousand equal ones, all orders of a payment's, and at the moment the customer comes back.

use super::strangers::world_with_callbacks;
use crate::end;
use crate::ground::{EngineName, Ground};
use crate::outcome::Outcome;
use crate::world::http::Request;
use crate::world::shop::Under;
use crate::world::{World, customer};
use anyhow::{Result, anyhow, ensure};
use std::sync::Barrier;
use std::thread;

const EQUAL: usize = 1_000;
const SENDERS: usize = 20;
const MEETINGS: usize = 60;

/// Over one shop or, on a server, over two.
pub fn equal(ground: &Ground) -> Result<Outcome> {
    let world = world_with_callbacks(ground)?;
    let other = world.shop.beside()?;
    let mut ports = vec![world.shop.port];
    if ground.engine == EngineName::Postgres {
        ensure!(other.starts(&Under::nothing())?, "the second shop does not start");
        ports.push(other.port);
    }
    let bodies = world.untold()?;
    let tried = if ground.is_short() { 1 } else { bodies.len() };
    for body in bodies.into_iter().take(tried) {
        let senders = (0..SENDERS).map(|sender| {
            let (world, body, port) = (&world, &body, ports[sender % ports.len()]);
            move || -> Result<()> {
                for _ in 0..EQUAL / SENDERS {
                    let status = world.tells_at(port, body)?;
                    ensure!(status == 200, "one of a thousand is answered {status}");
                }
                Ok(())
            }
        });
        all_at_once(senders)?;
        let deliveries: Vec<_> =
            world.database.journal()?.into_iter().filter(|(kept, _)| *kept == body).map(|(_, times)| times).collect();
        ensure!(deliveries == [EQUAL as u64], "a thousand deliveries are noted as {deliveries:?}");
    }
    world.tells_all()?;
    end::check(&world)
}

/// All orders of the callbacks of a payment that is paid and twice given back in part, each on a payment of its own.
pub fn all_orders(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    world.platform_is_silent()?;
    let mut orders: Option<Vec<Vec<usize>>> = None;
    for number in 0.. {
        if orders.as_ref().is_some_and(|orders| number >= orders.len()) {
            break;
        }
        let purchase = customer::orders(&world, "KR", "payco-wallet")?;
        customer::answers(&world, &purchase, "approve")?;
        for minor in [1_000, 2_000] {
            world.is_given_back_elsewhere(&purchase.payment_id, minor)?;
        }
        let told = world.sandbox.payment(&purchase.payment_id)?.callbacks;
        let step = if ground.is_short() { 5 } else { 1 };
        let orders = orders.get_or_insert_with(|| permutations(told.len()).into_iter().step_by(step).collect());
        for place in &orders[number] {
            world.insists_on(&told[*place].body)?;
        }
    }
    let known = orders.map_or(0, |orders| orders.len());
    Ok(end::check(&world)?.noted(format!("{known} orders")))
}

fn permutations(length: usize) -> Vec<Vec<usize>> {
    let Some(last) = length.checked_sub(1) else { return vec![Vec::new()] };
    let shorter = permutations(last);
    shorter.iter().flat_map(|order| (0..length).map(|place| [&order[..place], &[last], &order[place..]].concat())).collect()
}

/// The customer's page, opened twice, and the callback, sent twice, at one moment.
pub fn with_the_customer(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    world.platform_is_silent()?;
    let meetings = if ground.is_short() { MEETINGS / 6 } else { MEETINGS };
    for _ in 0..meetings {
        let purchase = customer::orders(&world, "KR", "payco-wallet")?;
        customer::answers(&world, &purchase, "approve")?;
        let bodies = world.untold()?;
        let start = Barrier::new(2 * bodies.len() + 2);
        let meets = |request: Request<'_>| -> Result<()> {
            start.wait();
            let answer = world.asks(&request)?;
            ensure!(answer.status == 200, "{}: {}", request.path, answer.status);
            Ok(())
        };
        let told = bodies.iter().chain(&bodies).map(|body| Request::json("POST", "/callbacks", body.as_bytes()));
        let pages = (0..2).map(|_| Request::get(&purchase.order));
        let meets = &meets;
        all_at_once(told.chain(pages).map(|request| move || meets(request)))?;
        bodies.iter().for_each(|body| world.record.acknowledged(body));
        shows(&world, &purchase.order, "success")?;
    }
    end::check(&world)
}

/// Whoever looks now sees it.
fn shows(world: &World, order: &str, status: &str) -> Result<()> {
    let page = world.asks(&Request::get(order))?.text();
    ensure!(page.contains(&format!("data-payment-status=\"{status}\"")), "{order} does not say {status}");
    Ok(())
}

fn all_at_once<F: FnOnce() -> Result<()> + Send>(works: impl Iterator<Item = F>) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = works.map(|work| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a panic"))))
    })
}

//! Three shops behind a proxy, one of them killed every few seconds, under checkouts, callbacks, refunds and batches.

use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::story;
use crate::world::http::Request;
use crate::world::{World, customer, operator};
use anyhow::{Result, ensure};
use std::thread::sleep;
use std::time::{Duration, Instant};

const FOR: Duration = Duration::from_secs(5 * 60);
const SHORTLY_FOR: Duration = Duration::from_secs(30);
const A_KILL_EVERY: Duration = Duration::from_secs(3);
const A_PAGE_EVERY: Duration = Duration::from_millis(50);
/// Refunds in a file.
const ROWS: usize = 8;
/// Minor units of KRW.
const PART: &str = "1000";

pub fn killed_one_after_another(ground: &Ground) -> Result<Outcome> {
    let world = ground.shops()?;
    let until = Instant::now() + if ground.is_short() { SHORTLY_FOR } else { FOR };
    let (mut kills, mut pages, mut batches) = (0, Pages::default(), 0);
    story::beside(&world, || {
        std::thread::scope(|scope| {
            let looked_at = scope.spawn(|| look_at_pages(&world, until));
            let given_back = scope.spawn(|| give_back_by_files(&world, until));
            while Instant::now() < until {
                let shop = world.shops().nth(kills % world.shops().count());
                sleep(A_KILL_EVERY);
                shop.map(|shop| shop.is_killed_and_stands()).transpose()?;
                kills += 1;
            }
            pages = looked_at.join().unwrap_or_default();
            batches = given_back.join().unwrap_or(Ok(0))?;
            Ok(())
        })
    })?;
    ensure!(batches > 0, "no batch came to its end");
    let outcome = end::check(&world)?;
    let Pages { seen, refused, slowest } = pages;
    let slowest = slowest.as_millis();
    Ok(outcome.noted(format!("{kills} kills, {batches} batches; {seen} pages, {refused} refused, the slowest {slowest} ms; ")))
}

#[derive(Default)]
struct Pages {
    seen: usize,
    refused: usize,
    slowest: Duration,
}

/// As a customer who tries nothing twice.
fn look_at_pages(world: &World, until: Instant) -> Pages {
    let mut pages = Pages::default();
    while Instant::now() < until {
        for path in ["/", "/products/jeju-green-tea", "/cart", "/healthz"] {
            let began = Instant::now();
            let is_served = world.asks(&Request::get(path)).is_ok_and(|answer| answer.status == 200);
            pages.seen += 1;
            pages.refused += usize::from(!is_served);
            pages.slowest = pages.slowest.max(began.elapsed());
        }
        sleep(A_PAGE_EVERY);
    }
    pages
}

/// How many files were worked off.
fn give_back_by_files(world: &World, until: Instant) -> Result<usize> {
    let mut files = 0;
    while Instant::now() < until {
        let mut paid = Vec::new();
        for _ in 0..ROWS {
            let purchase = customer::orders(world, "KR", "payco-wallet")?;
            customer::answers(world, &purchase, "approve")?;
            world.tells_all_of(&purchase.payment_id)?;
            paid.push(purchase);
        }
        operator::gives_back_by_a_file(world, &paid, PART)?;
        world.sandbox.has_decided()?;
        for purchase in &paid {
            world.tells_all_of(&purchase.payment_id)?;
        }
        files += 1;
    }
    Ok(files)
}

//! An operator who gives money back in the back office.

use super::World;
use super::browser::Browser;
use super::customer::Purchase;
use super::page::attribute;
use anyhow::{Result, bail, ensure};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const EMAIL: &str = "owner@shop.example";
pub const PASSWORD: &str = "quiet lantern over harbour stones";

const DONE_WITHIN: Duration = Duration::from_secs(120);
const LOOKS_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Fills in the refund's form, and sends the same form until it is answered.
pub fn gives_back(world: &World, purchase: &Purchase, minor: &str) -> Result<()> {
    let mut browser = Browser::of(world);
    signs_in(&mut browser)?;
    let page = purchase.office_page();
    let [name] = browser.inputs_of(&format!("{page}?still=1"), ["name"])?;
    let fields = [
        ("payment_id", purchase.payment_id.as_str()),
        ("name", &name),
        ("amount", minor),
        ("reason", "came broken"),
        ("password", PASSWORD),
    ];
    world.record.one_transfer(&purchase.payment_id);
    for _ in 0..3 {
        let answer = browser.posts(&format!("{page}/refunds"), fields)?;
        match answer.header("location") {
            // The session was not stored yet when the shop was killed.
            Some(to) if to.contains("sign-in") => signs_in(&mut browser)?,
            Some(_) => return Ok(()),
            None => bail!("a refund: {} {}", answer.status, answer.text()),
        }
    }
    bail!("the operator is not let in")
}

/// Uploads a file of refunds, starts it, and waits until all its rows were sent.
pub fn gives_back_by_a_file(world: &World, purchases: &[Purchase], minor: &str) -> Result<()> {
    let mut browser = Browser::of(world);
    signs_in(&mut browser)?;
    let head = "general.payment_id,payment.amount,payment.currency,payment.description\n".to_owned();
    let file = purchases.iter().fold(head, |file, purchase| file + &format!("{},{minor},KRW,came broken\n", purchase.payment_id));
    let uploaded = browser.uploads("/admin/batches", "refunds.csv", &file)?;
    let batch = uploaded.location()?.to_owned();
    purchases.iter().for_each(|purchase| world.record.one_transfer(&purchase.payment_id));
    let started = browser.posts(&format!("{batch}/start"), [("password", PASSWORD)])?;
    ensure!(started.location()? == batch, "a batch is started: {} {}", started.status, started.text());
    let began = Instant::now();
    loop {
        let state = attribute(&browser.opens(&batch)?.text(), "data-batch-state");
        if state.as_deref() == Some("finished") {
            return Ok(());
        }
        ensure!(began.elapsed() < DONE_WITHIN, "{batch} is {state:?}");
        sleep(LOOKS_AGAIN_AFTER);
    }
}

fn signs_in(browser: &mut Browser<'_>) -> Result<()> {
    let answer = browser.posts("/admin/sign-in", [("email", EMAIL), ("password", PASSWORD), ("next", "")])?;
    ensure!(answer.status == 303, "an operator signs in: {} {}", answer.status, answer.text());
    Ok(())
}

//! An operator who gives money back in the back office.

use super::World;
use super::browser::Browser;
use super::customer::Purchase;
use anyhow::{Result, bail, ensure};

pub const EMAIL: &str = "owner@shop.example";
pub const PASSWORD: &str = "quiet lantern over harbour stones";

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

fn signs_in(browser: &mut Browser<'_>) -> Result<()> {
    let answer = browser.posts("/admin/sign-in", [("email", EMAIL), ("password", PASSWORD), ("next", "")])?;
    ensure!(answer.status == 303, "an operator signs in: {} {}", answer.status, answer.text());
    Ok(())
}

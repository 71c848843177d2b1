//! `run`: the shop and the sandbox of its payment platform, side by side until Ctrl-C.

use crate::pair::{self, Pair, SANDBOX, SHOP, told_to_stop};
use crate::programs::{Profile, build_everything};
use anyhow::{Result, bail};
use std::thread::sleep;
use std::time::Duration;

/// Makes the shop create an owner of the back office with a new password, and print it.
pub const DEMO: [(&str, &str); 1] = [("DEMO_OPERATOR", "1")];

pub fn run() -> Result<()> {
    pair::expect_free_ports()?;
    build_everything(Profile::Debug)?;
    pair::catch_stop()?;
    let Some(mut pair) = Pair::start(&DEMO)? else {
        return Ok(());
    };
    welcome();
    while !told_to_stop() {
        if let Err(error) = pair.still_running() {
            drop(pair);
            bail!("{error}; the other program is stopped, too");
        }
        sleep(Duration::from_millis(100));
    }
    drop(pair);
    eprintln!("\nBoth are stopped.");
    Ok(())
}

/// Where everything is, and what to try first.
pub fn welcome() {
    println!(
        "
  The shop      {SHOP}
  The sandbox   {SANDBOX}/control   (stands in for the payment platform)
  Back office   {SHOP}/admin   (sign in with the email and password above, new at each start)

  Try it: put something into the cart, check out, and press \"Approve\" on the
  wallet's or bank's page. No money moves. The sandbox shows the callbacks it
  sent, and can lose, double or forge them.

  Ctrl-C stops both.
"
    );
}

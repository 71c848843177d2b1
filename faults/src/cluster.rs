//! `cluster`: three shops on one PostgreSQL behind a proxy, and the sandbox, until Ctrl-C. A shop that ends is started again: kill
//! one, and look.

use crate::ground::{Depth, EngineName, Ground};
use crate::world::operator;
use crate::world::shop::Under;
use anyhow::Result;
use std::thread::sleep;
use std::time::Duration;

/// Where a single shop and its sandbox would be.
const DOOR: u16 = 3000;
const SANDBOX: u16 = 3001;
const LOOK_AGAIN: Duration = Duration::from_millis(200);

pub fn run() -> Result<()> {
    let ground = Ground::new(EngineName::Postgres, Depth::Short)?;
    let world = ground.shops_at(DOOR, SANDBOX)?;
    println!(
        "
  The shop      http://127.0.0.1:{DOOR}   (a proxy before three of them)
  The sandbox   http://localhost:{SANDBOX}/control
  Back office   http://127.0.0.1:{DOOR}/admin   ({}, {})
",
        operator::EMAIL,
        operator::PASSWORD
    );
    for shop in world.shops() {
        println!("  a shop        http://127.0.0.1:{}   kill -9 {}", shop.port, shop.id()?);
    }
    println!("\n  Whichever ends is started again. Ctrl-C stops all.");
    loop {
        for shop in world.shops().filter(|shop| !shop.runs()) {
            shop.stands(&Under::nothing())?;
            println!("  started again http://127.0.0.1:{}   kill -9 {}", shop.port, shop.id()?);
        }
        sleep(LOOK_AGAIN);
    }
}

//! `storefront generate`: fills an empty database with orders that nobody placed, to measure with. Never beside a real platform.

use crate::{
    commands::{refuse, say},
    config::settings::Config,
    server::store::{Store, StoreError},
};
use std::process::ExitCode;

pub async fn run(config: &Config, orders: u32, now: i64) -> Result<ExitCode, StoreError> {
    if !config.pays_in_sandbox() {
        return Ok(refuse("orders are made up beside the sandbox only"));
    }
    let store = Store::open(&config.database_url).await?;
    let made = store.generate(orders.into(), now).await?;
    store.close().await;
    if !made {
        return Ok(refuse("there are orders already: name an empty database"));
    }
    say!("{orders} orders made up");
    Ok(ExitCode::SUCCESS)
}

//! `storefront reconcile`: compares the shop's books with the platform's register. Ends with 0 if they agree, with 1 if they
//! differ, with 2 if they could not be compared. The back office shows the result, too.

use crate::{
    commands::{refuse, say},
    config::settings::{Config, ConfigError},
    domain::{
        day::Day,
        reconciliation::{Difference, DifferenceKind},
    },
    server::{
        platform::reconciliation::{ComparedBooks, Unknown, whole_days},
        running::clock::SharedClock,
        store::Store,
    },
};
use std::{error::Error, process::ExitCode};

use tokio::sync::watch;

/// Who began the comparison, as the back office tells it.
const BY: &str = "command";

/// `2026-01-31`
pub fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|_| "not a day such as 2026-01-31".to_owned())
}

/// Compares what began on these days of the merchant's, both included.
pub async fn run(settings: Result<Config, ConfigError>, from: Day, to: Day, clock: &SharedClock) -> ExitCode {
    let config = match settings {
        Ok(config) => config,
        Err(error) => return refuse(error),
    };
    match differences(&config, from, to, clock).await {
        Ok(differences) if differences.is_empty() => {
            say!("no differences");
            ExitCode::SUCCESS
        }
        Ok(differences) => {
            differences.iter().for_each(tell);
            ExitCode::FAILURE
        }
        Err(error) => refuse(error),
    }
}

async fn differences(config: &Config, from: Day, to: Day, clock: &SharedClock) -> Result<Vec<Difference>, Box<dyn Error>> {
    let interval = whole_days(from, to, &config.time_zone)?;
    if config.data_api_access.is_none() {
        return Err(Unknown::NoAccess.into());
    }
    let store = Store::open(&config.database_url).await?;
    let started_at = clock.now();
    let compared = ComparedBooks::of(&store, config)?.differences(interval, started_at, &watch::Sender::default()).await;
    let told = compared.as_deref().map_err(Unknown::to_string);
    store.note_reconciliation(BY, interval, started_at, told, clock.now()).await?;
    store.close().await;
    Ok(compared?)
}

fn tell(difference: &Difference) {
    let number = difference.operation_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    say!("{}  payment {}  {}{number}", difference.kind.name(), difference.payment_id, difference.movement.name());
    let sides = [("shop", difference.shop, DifferenceKind::Extra), ("register", difference.register, DifferenceKind::Missing)];
    for (side, says, absent) in sides {
        match says {
            Some(says) => say!("    {side}: {}, {}", says.amount, says.state.name()),
            None if difference.kind == absent => say!("    {side}: nothing"),
            None => {}
        }
    }
    say!("    to do: {}", difference.advice());
}

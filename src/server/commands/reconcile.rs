//! `storefront reconcile`: the shop's books beside the platform's register. Ends with 0 if they agree, with 1 if they
//! differ, with 2 if nobody knows: then nothing is said about differences.

use std::{collections::HashSet, error::Error, process::ExitCode};

use jiff::{civil::Date, tz::TimeZone};

use super::refuse;
use crate::{
    domain::{
        progress::Word,
        reconciliation::{Difference, DifferenceKind, Interval, Side, compare},
    },
    platform::method::LONGEST_LIMIT_TIME_S,
    server::{
        config::{Config, ConfigError},
        data_api::DataApi,
        store::Store,
    },
};

/// An operation begins at two moments: here when the customer presses Pay or a refund is asked for (or heard of), there when
/// the customer goes on, within the method's limit time. Clocks may differ by a day. Both sides are read so much wider than
/// what was asked for; what differs counts if it began within the days on one side.
const MARGIN_S: i64 = LONGEST_LIMIT_TIME_S + 24 * 60 * 60;

/// `2026-01-31`
pub fn day(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "not a day such as 2026-01-31".to_owned())
}

/// Compares what began on these days, both included (UTC).
pub async fn run(settings: Result<Config, ConfigError>, from: Date, to: Date, now: i64) -> ExitCode {
    let config = match settings {
        Ok(config) => config,
        Err(error) => return refuse(error),
    };
    match differences(&config, from, to, now).await {
        Ok(differences) if differences.is_empty() => {
            println!("no differences");
            ExitCode::SUCCESS
        }
        Ok(differences) => {
            differences.iter().for_each(tell);
            ExitCode::FAILURE
        }
        Err(error) => refuse(error),
    }
}

async fn differences(config: &Config, from: Date, to: Date, now: i64) -> Result<Vec<Difference>, Box<dyn Error>> {
    let interval = whole_days(from, to)?;
    let Some(access) = config.data_api_access.clone() else {
        return Err("DATA_API_TOKEN and DATA_API_SECRET: missing; they are made in the platform's Dashboard".into());
    };
    let store = Store::open(&config.database_url).await?;
    let wide = interval.widened(MARGIN_S);
    let known_before = store.known_of(wide).await?;
    let register = DataApi::new(&config.data_api_url, config.project_id, access)?.register(wide).await?;
    let known_after = store.known_of(wide).await?;
    store.close().await;
    // What began or ended while the register was read differs only before or only after it.
    let before: HashSet<_> = compare(&known_before, &register, interval, now).into_iter().collect();
    let after = compare(&known_after, &register, interval, now);
    Ok(after.into_iter().filter(|difference| before.contains(difference)).collect())
}

fn whole_days(from: Date, to: Date) -> Result<Interval, Box<dyn Error>> {
    if from > to {
        return Err("--from is after --to".into());
    }
    let begins = |day: Date| day.to_zoned(TimeZone::UTC).map(|moment| moment.timestamp().as_second());
    Ok(Interval { from: begins(from)?, before: begins(to.tomorrow()?)? })
}

fn tell(difference: &Difference) {
    let number = difference.operation_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    println!("{}  payment {}  {}{number}", difference.kind.name(), difference.payment_id, difference.movement.name());
    let sides = [("shop", difference.shop, DifferenceKind::Extra), ("register", difference.register, DifferenceKind::Missing)];
    for (side, says, absent) in sides {
        match says {
            Some(says) => println!("    {side}: {}, {}", says.amount, state(says)),
            None if difference.kind == absent => println!("    {side}: nothing"),
            None => {}
        }
    }
    println!("    to do: {}", difference.advice());
}

fn state(side: Side) -> &'static str {
    match side.state {
        Word::UnderWay => "under way",
        Word::Succeeded => "success",
        Word::Declined => "decline",
    }
}

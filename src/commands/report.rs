//! `storefront report`: the figures of some days, by day, currency, method and market, as CSV.

use crate::{
    commands::{refuse, say},
    domain::report::{Day, Part, ReportFilter},
    server::{
        reports::{draw_up, exported},
        running::calendar,
        store::{Store, StoreError},
    },
};
use std::process::ExitCode;

use jiff::tz::TimeZone;

/// Both days are the merchant's, and included. Ends with 2 if the last is before the first.
pub async fn run(store: &Store, zone: &TimeZone, from: Day, to: Day, now: i64) -> Result<ExitCode, StoreError> {
    if to < from {
        return Ok(refuse("the last day is before the first"));
    }
    if calendar::span(zone, from, to).is_none() {
        return Ok(refuse(calendar::BEYOND));
    }
    let filter = ReportFilter { from, to, part: Part::default() };
    let report = draw_up(store, zone, filter, now).await?;
    let lines = exported::figures_export(filter, zone).csv(&exported::figures(&report));
    say!("{}", lines.trim_end_matches('\n'));
    Ok(ExitCode::SUCCESS)
}

//! What the address of a report, of a list behind it, or of a file asks for.

use crate::{
    domain::{
        day::{Day, TimeSpan},
        report::{REPORT_FIELDS, ReportFilter},
        text::fields::Fields,
    },
    server::{admin::lists, running::calendar, state::AppState},
};

/// Beside the form's fields:
/// - `kind`: of movements `sale`, `refund`, `payout`, `net`, or all of them; of what has no end `payment`, `refund`, `payout`
/// - `code`: a decline's; `none`: it has none
/// - `stuck`: `yes` or `no`
/// - `after`: the row that the page begins after
const LINKS: &[&str] = &["kind", "code", "stuck", "after"];

pub fn fields(query: Option<&str>) -> Fields {
    lists::fields(query, REPORT_FIELDS, LINKS)
}

/// The filter, and the moments of its days. `None`: something cannot be read, and is told in the fields.
pub fn read(fields: &mut Fields, state: &AppState) -> Option<(ReportFilter, TimeSpan)> {
    let filter = ReportFilter::read(fields, today(state))?;
    let span = calendar::span(&state.config.time_zone, filter.from, filter.to);
    if span.is_none() {
        fields.refuse("to", calendar::BEYOND);
    }
    Some((filter, span?))
}

/// The merchant's.
pub fn today(state: &AppState) -> Day {
    calendar::day_of(&state.config.time_zone, state.now()).unwrap_or_default()
}

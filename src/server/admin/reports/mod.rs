//! ACT: reports: the page of figures, the lists behind them, and all of it as files.

mod files;
mod rows;

use axum::{
    extract::{FromRequestParts, Query, State},
    http::request::Parts,
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

pub use files::{figures_file, movements_file};
pub use rows::{declines, movements, unfinished};

use crate::{
    components::office::Tab,
    domain::{
        people::operator::Operator,
        report::{Day, ReportFilter, TypedDays, Unreadable},
    },
    error::AppError,
    pages::admin::reports::{filter_form::Shortcut, report::ReportsPage},
    server::{admin::office::Office, reports::draw_up, running::calendar, state::AppState},
};

/// What stands in the address of a report or a list, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    from: String,
    to: String,
    currency: String,
    method: String,
    market: String,
    /// Of movements: `sale`, `refund`, `payout`, `net`, or all of them. Of what has no end: `payment`, `refund`, `payout`.
    kind: String,
    /// A decline's; `none`: it has none.
    code: String,
    /// `yes` or `no`
    stuck: String,
    /// The row the page begins after.
    after: String,
}

/// A query with the same name twice is nobody's: it is refused like any other that cannot be read.
impl FromRequestParts<AppState> for ReportQuery {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, AppError> {
        Query::try_from_uri(&parts.uri).map(|Query(asked)| asked).map_err(|_| AppError::BadRequest)
    }
}

impl ReportQuery {
    fn typed(&self) -> TypedDays {
        TypedDays {
            from: self.from.clone(),
            to: self.to.clone(),
            currency: self.currency.clone(),
            method: self.method.clone(),
            market: self.market.clone(),
        }
    }

    fn filter(&self, state: &AppState) -> Result<ReportFilter, Unreadable> {
        let filter = ReportFilter::read(&self.typed(), today(state))?;
        match calendar::span(&state.config.time_zone, filter.from, filter.to) {
            Some(_) => Ok(filter),
            None => Err(Unreadable { to: Some(calendar::BEYOND), ..Unreadable::default() }),
        }
    }
}

pub async fn show(State(state): State<AppState>, operator: Operator, asked: ReportQuery) -> Result<Response, AppError> {
    let today = today(&state);
    let office = Office::titled("Reports").under(Tab::Reports);
    let (office, typed, unreadable, shown) = match asked.filter(&state) {
        Ok(filter) => {
            let report = draw_up(&state.store, &state.config.time_zone, filter, state.now()).await?;
            (office, filter.typed(), Unreadable::default(), Some((filter, report.by_currency())))
        }
        Err(unreadable) => (office.refused(), asked.typed(), unreadable, None),
    };
    let zone = state.config.time_zone.iana_name().unwrap_or("UTC").to_owned();
    Ok(office.show(&state, &operator, move || {
        view! { <ReportsPage typed=typed unreadable=unreadable shortcuts=shortcuts(today) zone=zone shown=shown/> }
    }))
}

/// The merchant's.
fn today(state: &AppState) -> Day {
    calendar::day_of(&state.config.time_zone, state.now()).unwrap_or_default()
}

fn shortcuts(today: Day) -> Vec<Shortcut> {
    let yesterday = today.previous();
    let last_month = today.first_of_month().previous();
    vec![
        Shortcut { name: "Today", from: today, to: today },
        Shortcut { name: "Yesterday", from: yesterday, to: yesterday },
        Shortcut { name: "Last 7 days", from: today.back(6), to: today },
        Shortcut { name: "This month", from: today.first_of_month(), to: today },
        Shortcut { name: "Last month", from: last_month.first_of_month(), to: last_month },
    ]
}

//! ACT: the page of figures.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use leptos::prelude::*;

use crate::{
    components::office::Tab,
    domain::{day::Day, people::operator::Operator},
    error::AppError,
    pages::admin::reports::{filter_form::Shortcut, report::ReportsPage},
    server::{
        admin::{
            office::Office,
            reports::filter::{self, today},
        },
        reports::draw_up,
        state::AppState,
    },
};

pub async fn show(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let mut fields = filter::fields(query.as_deref());
    let office = Office::titled("Reports").under(Tab::Reports);
    let (office, shown) = match filter::read(&mut fields, &state) {
        Some((filter, _)) => {
            let report = draw_up(&state.store, &state.config.time_zone, filter, state.now()).await?;
            (office, Some((filter, report.by_currency())))
        }
        None => (office.refused(), None),
    };
    let (zone, today) = (state.config.time_zone.iana_name().unwrap_or("UTC").to_owned(), today(&state));
    Ok(office.show(&state, &operator, move || {
        view! { <ReportsPage fields=fields shortcuts=shortcuts(today) zone=zone shown=shown/> }
    }))
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

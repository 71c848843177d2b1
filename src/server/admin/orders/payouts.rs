//! ACT: the list of payouts; its filter lives in the address.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use leptos::prelude::*;

use crate::{
    components::{office::Tab, price::sum_in_english},
    domain::{
        books::Sum,
        money::Currency,
        people::operator::Operator,
        text::fields::{Fields, moment_and_name},
        transfers::progress::Progress,
    },
    error::AppError,
    pages::admin::orders::payouts::{PayoutTotalRow, PayoutsPage, PayoutsView},
    server::{
        admin::{lists, office::Office, orders::order::writer},
        state::AppState,
        store::{PayoutFilter, PayoutTotal},
    },
};

const ROWS: usize = 50;

pub async fn show(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let mut fields = lists::fields(query.as_deref(), &["from", "to", "progress", "q"], &["after"]);
    let mut office = Office::titled("Payouts").under(Tab::Payouts);
    let mut view = PayoutsView::default();
    match filter(&mut fields, &state) {
        Some(filter) => {
            view.payouts = state.store.payouts(&filter, ROWS as u32 + 1).await?;
            let last = lists::last_of_page(&mut view.payouts, ROWS).map(|last| format!("{}.{}", last.asked_at, last.payment_id));
            view.older = last.map(|last| lists::address("/admin/payouts", &fields, Some(last)));
            view.newest = filter.after.as_ref().map(|_| lists::address("/admin/payouts", &fields, None));
            view.totals = state.store.payout_totals(&filter).await?.into_iter().map(row).collect();
        }
        None => office = office.refused(),
    }
    let moments = writer(&state);
    Ok(office.show(&state, &operator, move || view! { <PayoutsPage fields=fields view=view moments=moments/> }))
}

fn row(PayoutTotal { count, asked, done }: PayoutTotal) -> PayoutTotalRow {
    PayoutTotalRow {
        currency: asked.currency.clone(),
        count: count.to_string(),
        asked: in_words_of(&asked),
        done: in_words_of(&done),
    }
}

fn in_words_of(sum: &Sum) -> String {
    Currency::from_code(&sum.currency).map_or_else(|| sum.to_string(), |currency| sum_in_english(sum.minor, currency))
}

fn filter(fields: &mut Fields, state: &AppState) -> Option<PayoutFilter> {
    let days = fields.days();
    let filter = PayoutFilter {
        span: lists::moments(fields, days, &state.config.time_zone),
        progress: fields.one_of("progress", Progress::from_name),
        text: fields.id("q"),
        after: fields.row("after", moment_and_name),
    };
    (!fields.is_refused()).then_some(filter)
}

//! ACT: the list of payouts; its filter lives in the address.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::{
    components::{office::Tab, price::sum_in_english},
    domain::{books::Sum, money::Currency, people::operator::Operator, text, transfers::progress::Progress},
    error::AppError,
    pages::admin::orders::payouts::{PayoutFilterProblems, PayoutTotalRow, PayoutsPage, TypedPayoutFilter},
    server::{
        admin::{days::DaysInterval, office::Office, orders::order::writer},
        state::AppState,
        store::{PayoutFilter, PayoutTotal},
    },
};

const ROWS: usize = 50;

/// As the address has it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PayoutsQuery {
    from: String,
    to: String,
    progress: String,
    q: String,
    /// The last payout seen: moment and payment id.
    after: String,
}

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    asked: Result<Query<PayoutsQuery>, QueryRejection>,
) -> Result<Response, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::BadRequest)?;
    let office = Office::titled("Payouts").under(Tab::Payouts);
    let moments = writer(&state);
    let typed = || TypedPayoutFilter {
        from: asked.from.clone(),
        to: asked.to.clone(),
        progress: asked.progress.clone(),
        q: asked.q.clone(),
    };
    let filter = match read(&state, &asked) {
        Ok(filter) => filter,
        Err(problems) => {
            let typed = typed();
            return Ok(office.refused().show(&state, &operator, move || {
                view! { <PayoutsPage typed=typed problems=problems payouts=Vec::new() totals=Vec::new() older=None newest=None moments=moments/> }
            }));
        }
    };
    let mut payouts = state.store.payouts(&filter, ROWS as u32 + 1).await?;
    let is_more = payouts.len() > ROWS;
    payouts.truncate(ROWS);
    let last = payouts.last().filter(|_| is_more);
    let older = last.map(|last| address(&asked, Some(&format!("{}.{}", last.asked_at, last.payment_id))));
    let newest = (!asked.after.is_empty()).then(|| address(&asked, None));
    let totals = state.store.payout_totals(&filter).await?;
    let totals: Vec<_> = totals.into_iter().map(row).collect();
    let typed = typed();
    Ok(office.show(&state, &operator, move || {
        let problems = PayoutFilterProblems::default();
        view! { <PayoutsPage typed=typed problems=problems payouts=payouts totals=totals older=older newest=newest moments=moments/> }
    }))
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

fn read(state: &AppState, asked: &PayoutsQuery) -> Result<PayoutFilter, PayoutFilterProblems> {
    let mut problems = PayoutFilterProblems::default();
    let interval = DaysInterval::read(&asked.from, &asked.to, &state.config.time_zone).unwrap_or_else(|wrong| {
        (problems.from, problems.to) = (wrong.from, wrong.to);
        DaysInterval::default()
    });
    let progress = Progress::from_name(&asked.progress);
    if progress.is_none() && !asked.progress.is_empty() {
        problems.progress = Some("There is no such progress".to_owned());
    }
    let after = asked.after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    if after.is_none() && !asked.after.is_empty() {
        problems.after = Some("The address of this page is not one of ours; search again".to_owned());
    }
    let wanted = text::id(&asked.q).unwrap_or_else(|hidden| {
        problems.q = Some(format!("This {hidden}"));
        ""
    });
    let PayoutFilterProblems { q: None, from: None, to: None, progress: None, after: None } = &problems else {
        return Err(problems);
    };
    let text = Some(wanted.to_owned()).filter(|text| !text.is_empty());
    Ok(PayoutFilter { from: interval.from, until: interval.until, progress, text, after })
}

/// This filter from another row on.
fn address(asked: &PayoutsQuery, after: Option<&str>) -> String {
    let PayoutsQuery { from, to, progress, q, .. } = asked;
    let all = [("from", from.as_str()), ("to", to), ("progress", progress), ("q", q), ("after", after.unwrap_or_default())];
    let mut query = Serializer::new(String::new());
    query.extend_pairs(all.into_iter().filter(|(_, value)| !value.is_empty()));
    format!("/admin/payouts?{}", query.finish())
}

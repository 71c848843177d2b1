//! ACT: the journal of what operators did.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::office::Tab,
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::people::acts::{ActRow, ActsPage},
    server::{
        admin::{lists, office::Office},
        running::calendar,
        state::AppState,
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Before {
    /// The id of the last act shown; the page continues with older ones.
    before: Option<i64>,
}

const ROWS: usize = 100;

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    before: Result<Query<Before>, QueryRejection>,
) -> Result<Response, AppError> {
    let Query(Before { before }) = before.map_err(|_| AppError::BadRequest)?;
    let mut acts = state.store.acts(before, ROWS as u32 + 1).await?;
    let older = lists::last_of_page(&mut acts, ROWS).map(|last| last.id);
    let rows: Vec<ActRow> = acts
        .into_iter()
        .map(|act| ActRow {
            at: calendar::written(act.at, &state.config.time_zone),
            // Two operators may have had the same e-mail address one after the other.
            operator: act.operator_id.map_or_else(|| act.operator.clone(), |id| format!("{} ({id})", act.operator)),
            act: act.act,
            subject: act.subject,
            detail: act.detail,
        })
        .collect();
    let office = Office::titled("What operators did").under(Tab::Operators);
    Ok(office.show(&state, &operator, move || view! { <ActsPage rows=rows older=older/> }))
}

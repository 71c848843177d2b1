//! ACT: the shop's books are compared with the platform's register in the background; a difference is healed with one click.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::office::Tab,
    domain::{
        day::TimeSpan,
        people::operator::{Operator, Permission},
        reconciliation::{Comparison, FoundDifference, Healing},
        text::fields::Fields,
    },
    error::AppError,
    pages::admin::reconciliation::{
        comparison_view::{DaysForm, ReconciliationView, ShownComparison, ShownDifference},
        comparisons::{ReconciliationPage, comparison_event},
    },
    server::{
        admin::{live, office::Office},
        http::input::{Number, ShopForm},
        platform::reconciliation::{Unknown, healing, runs},
        running::calendar::{self, day_of, written},
        state::AppState,
    },
};

/// Differences on a page, and runs that are listed.
const MOST_DIFFERENCES: u32 = 100;
const MOST_RUNS: u32 = 20;

/// What to show. Values that cannot be read are ignored.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Shown {
    run: String,
    after: String,
    told: String,
}

/// The fields of the form.
const DAYS: &[&str] = &["from", "to"];

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    shown: Result<Query<Shown>, QueryRejection>,
) -> Result<Response, AppError> {
    let shown = shown.map(|Query(shown)| shown).unwrap_or_default();
    page(&state, &operator, &shown, None).await
}

pub async fn run(
    State(state): State<AppState>,
    operator: Operator,
    ShopForm(typed): ShopForm<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let mut fields = Fields::of(DAYS, &[], typed);
    let problem = match span(&mut fields, &state.config.time_zone) {
        None => None,
        Some(_) if state.config.data_api_access.is_none() => Some(Unknown::NoAccess.to_string()),
        Some(span) if runs::begin(&state, &operator.email, span).await? => {
            return Ok(Redirect::to("/admin/reconciliation").into_response());
        }
        Some(_) => Some("A comparison is under way; begin the next when it has ended.".to_owned()),
    };
    page(&state, &operator, &Shown::default(), Some(DaysForm { fields, problem })).await
}

/// The moments of the days to compare; both are needed. `None`: they cannot be read, which is told in the fields.
fn span(fields: &mut Fields, zone: &TimeZone) -> Option<TimeSpan> {
    for name in DAYS.iter().copied() {
        if fields.value(name).trim().is_empty() {
            fields.refuse(name, "This is needed");
        }
    }
    let (from, to) = fields.days();
    let span = calendar::span(zone, from?, to?);
    if span.is_none() {
        fields.refuse("to", calendar::BEYOND);
    }
    span.filter(|_| !fields.is_refused())
}

pub async fn heal(State(state): State<AppState>, operator: Operator, Number(id): Number) -> Result<Response, AppError> {
    let run = state.store.difference(id).await?.ok_or(AppError::NotFound)?.run;
    // It is finished even if the browser leaves.
    let work = tokio::spawn(async move { healing::heal(&state, &operator.email, id).await });
    let told = match work.await {
        Ok(Ok(Some(healing))) => healing,
        Ok(Ok(None)) => return Err(AppError::NotFound),
        Ok(Err(Unknown::Store(error))) => return Err(error.into()),
        Ok(Err(error)) => {
            tracing::error!(%error, "a difference could not be healed");
            Healing::Unread
        }
        Err(error) => {
            tracing::error!(%error, "healing a difference broke off");
            return Err(AppError::Internal);
        }
    };
    Ok(Redirect::to(&format!("/admin/reconciliation?run={run}&told={}", told.name())).into_response())
}

/// The progress of the newest comparison, at once and at every change, until no comparison is under way.
pub async fn events(State(state): State<AppState>, watcher: live::PageWatcher) -> Response {
    watcher.follow(move || {
        let store = state.store.clone();
        async move {
            let newest = store.reconciliations(1).await?.into_iter().next();
            let news = newest.as_ref().map_or_else(|| "none".to_owned(), comparison_event);
            let is_under_way = newest.is_some_and(|run| run.end.is_none());
            Ok(Some(if is_under_way { live::News::Now(news) } else { live::News::Last(news) }))
        }
    })
}

/// The days of the comparison that is shown; without one yesterday, the merchant's.
fn usual_days(state: &AppState, run: Option<&Comparison>) -> DaysForm {
    let zone = &state.config.time_zone;
    let days = match run {
        Some(run) => [day_of(zone, run.interval.from), day_of(zone, run.interval.before.saturating_sub(1))],
        None => [day_of(zone, state.now()).map(|day| day.previous()); 2],
    };
    let days = days.map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    let fields = Fields::of(DAYS, &[], DAYS.iter().map(|name| (*name).to_owned()).zip(days));
    DaysForm { fields, problem: None }
}

/// `typed`: the form that was not taken.
async fn page(state: &AppState, operator: &Operator, shown: &Shown, typed: Option<DaysForm>) -> Result<Response, AppError> {
    let all = state.store.reconciliations(MOST_RUNS).await?;
    let run = match shown.run.as_str() {
        "" => all.first().cloned(),
        id => Some(state.store.reconciliation(id.parse().map_err(|_| AppError::NotFound)?).await?.ok_or(AppError::NotFound)?),
    };
    let form = typed.unwrap_or_else(|| usual_days(state, run.as_ref()));
    let after = shown.after.parse().unwrap_or(0);
    let differences = match &run {
        Some(run) => state.store.differences_of(run.id, after, MOST_DIFFERENCES).await?,
        None => Vec::new(),
    };
    let next = differences.last().filter(|_| differences.len() == MOST_DIFFERENCES as usize).map(|last| last.id);
    let is_under_way = all.first().is_some_and(|run| run.end.is_none());
    let view = ReconciliationView {
        event: is_under_way.then(|| all.first().map(comparison_event).unwrap_or_default()),
        run: run.map(|run| shown_comparison(state, run)),
        differences: differences.into_iter().map(|found| shown_difference(state, found)).collect(),
        next,
        earlier: all.into_iter().map(|run| shown_comparison(state, run)).collect(),
        may_act: operator.role.may(Permission::MoveMoney),
        told: Healing::from_name(&shown.told),
        time_zone: state.config.time_zone.iana_name().unwrap_or("UTC").to_owned(),
    };
    let office = Office::titled("Reconciliation").under(Tab::Reconciliation);
    let office = if is_under_way { office.refreshed_without_scripts() } else { office };
    let office = office.refused_if(form.is_refused());
    Ok(office.show(state, operator, move || view! { <ReconciliationPage view=view form=form/> }))
}

fn shown_comparison(state: &AppState, run: Comparison) -> ShownComparison {
    let zone = &state.config.time_zone;
    let day = |at| day_of(zone, at).map(|day| day.to_string()).unwrap_or_default();
    let (first, last) = (day(run.interval.from), day(run.interval.before.saturating_sub(1)));
    ShownComparison {
        days: if first == last { first } else { format!("{first} to {last}") },
        started_at: written(run.started_at, zone),
        ended_at: run.end.as_ref().map(|end| written(end.at, zone)),
        run,
    }
}

fn shown_difference(state: &AppState, found: FoundDifference) -> ShownDifference {
    let moment = |at| written(at, &state.config.time_zone);
    ShownDifference {
        compared_at: found.compared_at.map(moment),
        healed: found.healed.clone().map(|(at, by)| (moment(at), by)),
        found,
    }
}

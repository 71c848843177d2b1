//! The page of callbacks: the cases that wait for a person, and the journal with its filter.

use axum::response::Response;
use leptos::prelude::*;

use crate::{
    components::office::Tab,
    domain::{
        money::Money,
        orders::{history::Source, order::Order},
        people::operator::{Operator, Permission},
        text::fields::{Fields, moment_and_name},
        transfers::refund::Refundable,
    },
    error::AppError,
    pages::admin::callbacks::{
        case_view::{CaseProblem, CaseView},
        journal::{CallbacksPage, Cases, JournalPage, RefusedLine},
    },
    server::{
        admin::{
            lists,
            office::Office,
            orders::order::{forms, writer},
        },
        platform::cases::{self, CaseFile},
        running::{calendar, chance},
        state::AppState,
        store::{CallbackFilter, Case},
    },
};

/// Cases that are shown: the oldest.
const MOST_CASES: u32 = 50;
/// Rows of the journal.
const ROWS: usize = 20;
const MOST_REFUSED: u32 = 50;

/// The outcome of an act on a case or callback, to be shown on the page.
#[derive(Default)]
pub struct Outcome {
    /// What was done, as a sentence.
    pub told: Option<String>,
    /// What was typed into a case, and why it was not done.
    pub problem: Option<(i64, CaseProblem)>,
    /// The same where the case is not there any more.
    pub refused: Option<String>,
}

/// The filter of the journal, as an address gives it.
pub fn fields(query: Option<&str>) -> Fields {
    lists::fields(query, &["q", "verdict", "source", "from", "to"], &["after", "told"])
}

/// The page after an act that was not done, with the whole journal.
pub async fn refused(state: &AppState, operator: &Operator, outcome: Outcome) -> Result<Response, AppError> {
    show(state, operator, fields(None), outcome).await
}

/// The page as it is now.
pub async fn show(state: &AppState, operator: &Operator, fields: Fields, outcome: Outcome) -> Result<Response, AppError> {
    let Outcome { told, problem, refused } = outcome;
    let is_refused = problem.is_some() || refused.is_some();
    let cases = open_cases(state, operator, problem).await?;
    let journal = journal(state, fields).await?;
    let zone = &state.config.time_zone;
    let refused_callbacks = state.store.refused_callbacks(MOST_REFUSED).await?;
    let refused_callbacks: Vec<_> = refused_callbacks
        .into_iter()
        .map(|row| RefusedLine {
            reason: row.reason,
            size: row.size,
            count: row.count,
            first: calendar::written(row.first_at, zone),
            last: calendar::written(row.last_at, zone),
        })
        .collect();
    let office = Office::titled("Callbacks").under(Tab::Callbacks).refused_if(is_refused || journal.fields.is_refused());
    let (may_ask, moments) = (operator.role.may(Permission::Ask), writer(state));
    Ok(office.show(state, operator, move || {
        view! {
            <CallbacksPage told=told refused=refused cases=cases journal=journal refused_callbacks=refused_callbacks may_ask=may_ask moments=moments/>
        }
    }))
}

/// The open cases with what their decisions need.
async fn open_cases(state: &AppState, operator: &Operator, problem: Option<(i64, CaseProblem)>) -> Result<Cases, AppError> {
    let mut open = state.store.open_cases(MOST_CASES).await?;
    // A case that something was typed into is shown in any case.
    if let Some((id, _)) = &problem
        && open.iter().all(|case| case.id != *id)
    {
        open.extend(state.store.open_case(*id).await?);
    }
    let mut shown = Vec::new();
    for case in open {
        let CaseFile { case, told, stored, order } = cases::file(&state.store, &state.config.keys, case).await?;
        let refundable = refundable(state, &case, order.as_ref()).await?;
        let Case { id, kind, payment_id, opened_at, callback } = case;
        let body = callback.map_or_else(Vec::new, |(_, body)| body);
        let order_number = order.map(|order| order.number);
        let told = told.map_err(|reason| reason.to_string());
        let refundable = refundable.map(|left| (left, chance::token()));
        shown.push(CaseView { id, kind, payment_id, opened_at, order_number, told, stored, body, refundable });
    }
    Ok(Cases {
        shown,
        count: state.store.count_open_cases().await?,
        problem,
        forms: forms(state, operator, None),
        may_decide: operator.role.may(Permission::MoveMoney),
    })
}

async fn refundable(state: &AppState, case: &Case, order: Option<&Order>) -> Result<Option<Money>, AppError> {
    let attempt = order.filter(|_| case.kind.may_be_refunded()).and_then(|order| order.attempt(&case.payment_id));
    let Some(attempt) = attempt else { return Ok(None) };
    let refunds = state.store.refunds_of(&attempt.payment_id).await?;
    Ok(Refundable::of(attempt, &refunds).ok().map(Refundable::left))
}

async fn journal(state: &AppState, mut fields: Fields) -> Result<JournalPage, AppError> {
    let verdicts = state.store.verdicts().await?;
    let Some(filter) = filter(&mut fields, state) else { return Ok(JournalPage { fields, verdicts, ..JournalPage::default() }) };
    let mut rows = state.store.callbacks(&filter, ROWS as u32 + 1).await?;
    let last = lists::last_of_page(&mut rows, ROWS).map(|last| format!("{}.{}", last.received_at, last.id));
    let older = last.map(|last| lists::address("/admin/callbacks", &fields, Some(last)));
    let newest = filter.after.map(|_| lists::address("/admin/callbacks", &fields, None));
    let mut callbacks = Vec::new();
    for callback in rows {
        let number = state.store.number_of_payment(&callback.payment_id).await?;
        callbacks.push((callback, number));
    }
    Ok(JournalPage { fields, verdicts, callbacks, older, newest })
}

fn filter(fields: &mut Fields, state: &AppState) -> Option<CallbackFilter> {
    let days = fields.days();
    let filter = CallbackFilter {
        payment_id: fields.id("q"),
        verdict: fields.read("verdict", |verdict| Ok::<_, String>(verdict.to_owned())),
        source: fields.one_of("source", Source::from_name),
        span: lists::moments(fields, days, &state.config.time_zone),
        after: fields.row("after", |row| moment_and_name(row).and_then(|(at, id)| Some((at, id.parse().ok()?)))),
    };
    (!fields.is_refused()).then_some(filter)
}

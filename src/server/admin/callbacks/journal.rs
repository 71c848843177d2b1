//! ACT: the journal of callbacks, and one of them taken through the rules again.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::{
    components::office::Tab,
    domain::{
        orders::history::Source,
        people::operator::{Operator, Permission},
        text,
    },
    error::AppError,
    pages::admin::callbacks::{
        case_view::CaseProblem,
        journal::{CallbackFilterProblems, CallbacksPage, JournalPage, RefusedLine, TypedCallbackFilter},
    },
    server::{
        admin::{callbacks::cases, days::DaysInterval, office::Office, orders::order},
        http::input::{Segment, ShopForm},
        platform::callbacks::{self, ApplyError},
        running::calendar,
        state::AppState,
        store::{CallbackFilter, Recorded, StoreError},
    },
};

const ROWS: usize = 20;
const MOST_REFUSED: u32 = 50;

/// As the address has it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct JournalQuery {
    q: String,
    verdict: String,
    source: String,
    from: String,
    to: String,
    /// The last one seen: moment and id.
    after: String,
    /// What came of the last act: a word of [`told`].
    told: String,
}

/// Where an act on a callback comes back to.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Back {
    /// Not empty: to the page of its order.
    order: String,
}

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    asked: Result<Query<JournalQuery>, QueryRejection>,
) -> Result<Response, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::BadRequest)?;
    page(&state, &operator, &asked, None, None).await
}

/// Verifies a stored callback again and takes it through the same rules.
pub async fn apply_again(
    State(state): State<AppState>,
    operator: Operator,
    Segment(id): Segment,
    ShopForm(back): ShopForm<Back>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let callback = state.store.callback(id).await?.ok_or(AppError::NotFound)?;
    let number = state.store.number_of_payment(&callback.payment_id).await?;
    let before = news(&state, number.as_deref(), &callback.payment_id).await?;
    let told = match callbacks::apply_again(&state, &operator.email, &callback).await {
        Ok(Recorded::Case(_)) => "applied-case",
        Ok(Recorded::Applied | Recorded::Repeated | Recorded::NotUsed | Recorded::OfAnotherShop) => {
            let after = news(&state, number.as_deref(), &callback.payment_id).await?;
            if before == after { "applied-nothing-new" } else { "applied" }
        }
        Err(ApplyError::Unverified(_)) => "unverified",
        Err(ApplyError::Store(error)) => return Err(error.into()),
    };
    let address = match number.filter(|_| !back.order.is_empty()) {
        Some(number) => format!("/admin/orders/{number}?told={told}"),
        None => format!("/admin/callbacks?told={told}"),
    };
    Ok(Redirect::to(&address).into_response())
}

/// What a callback could have changed.
async fn news(state: &AppState, number: Option<&str>, payment_id: &str) -> Result<Option<String>, AppError> {
    let news = match number {
        Some(number) => state.store.order_news(number).await,
        None => state.store.payout(payment_id).await.map(|payout| payout.map(|payout| payout.progress.name().to_owned())),
    };
    match news {
        // What cannot be read can be applied to nonetheless, and says so.
        Err(StoreError::Inconsistent(_)) => Ok(None),
        news => Ok(news?),
    }
}

/// The words for what came of an act. Nothing in an address is shown as it stands there.
fn told(code: &str) -> Option<&'static str> {
    Some(match code {
        "accepted" => "The case is closed: accepted.",
        "accepted-opened" => "The case is closed: accepted. Accepting it opened another case.",
        "refunded" => "The case is closed, and the refund is on its way. What becomes of it is told on the order's page.",
        "dismissed" => "The case is closed: ignored, with the reason kept.",
        "dismissed-several" => "The cases are closed: ignored, with the reason kept.",
        code => return order::told(code),
    })
}

/// The page as it is now. `problem`: what was typed into a case, and why it was not done; `refused`: the same where the case is
/// not there any more.
pub async fn page(
    state: &AppState,
    operator: &Operator,
    asked: &JournalQuery,
    problem: Option<(i64, CaseProblem)>,
    refused: Option<String>,
) -> Result<Response, AppError> {
    let is_refused = problem.is_some() || refused.is_some();
    let cases = cases::all(state, operator, problem).await?;
    let (journal, is_readable) = journal(state, asked).await?;
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
    let office = Office::titled("Callbacks").under(Tab::Callbacks);
    let office = if is_refused || !is_readable { office.refused() } else { office };
    let (told, may_ask, moments) = (told(&asked.told), operator.role.may(Permission::Ask), order::writer(state));
    Ok(office.show(state, operator, move || {
        view! {
            <CallbacksPage told=told refused=refused cases=cases journal=journal refused_callbacks=refused_callbacks may_ask=may_ask moments=moments/>
        }
    }))
}

async fn journal(state: &AppState, asked: &JournalQuery) -> Result<(JournalPage, bool), AppError> {
    let JournalQuery { q, verdict, source, from, to, .. } = asked;
    let [q, verdict, source, from, to] = [q, verdict, source, from, to].map(Clone::clone);
    let mut page = JournalPage {
        typed: TypedCallbackFilter { q, verdict, source, from, to },
        verdicts: state.store.verdicts().await?,
        ..JournalPage::default()
    };
    let filter = match read(state, asked) {
        Ok(filter) => filter,
        Err(problems) => {
            page.problems = problems;
            return Ok((page, false));
        }
    };
    let mut callbacks = state.store.callbacks(&filter, ROWS as u32 + 1).await?;
    let is_more = callbacks.len() > ROWS;
    callbacks.truncate(ROWS);
    let last = callbacks.last().filter(|_| is_more);
    page.older = last.map(|last| address(asked, Some(&format!("{}.{}", last.received_at, last.id))));
    page.newest = (!asked.after.is_empty()).then(|| address(asked, None));
    for callback in callbacks {
        let number = state.store.number_of_payment(&callback.payment_id).await?;
        page.callbacks.push((callback, number));
    }
    Ok((page, true))
}

fn read(state: &AppState, asked: &JournalQuery) -> Result<CallbackFilter, CallbackFilterProblems> {
    let mut problems = CallbackFilterProblems::default();
    let interval = DaysInterval::read(&asked.from, &asked.to, &state.config.time_zone).unwrap_or_else(|wrong| {
        (problems.from, problems.to) = (wrong.from, wrong.to);
        DaysInterval::default()
    });
    let source = Source::from_name(&asked.source);
    if source.is_none() && !asked.source.is_empty() {
        problems.source = Some("There is no such source".to_owned());
    }
    let after = asked.after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    if after.is_none() && !asked.after.is_empty() {
        problems.after = Some("The address of this page is not one of ours; search again".to_owned());
    }
    let wanted = text::id(&asked.q).unwrap_or_else(|hidden| {
        problems.q = Some(format!("This {hidden}"));
        ""
    });
    let CallbackFilterProblems { q: None, from: None, to: None, source: None, after: None } = &problems else {
        return Err(problems);
    };
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (payment_id, verdict) = (text(wanted), text(&asked.verdict));
    Ok(CallbackFilter { payment_id, verdict, source, from: interval.from, until: interval.until, after })
}

/// This filter from another row on.
fn address(asked: &JournalQuery, after: Option<&str>) -> String {
    let JournalQuery { q, verdict, source, from, to, .. } = asked;
    let all = [("q", q.as_str()), ("verdict", verdict), ("source", source), ("from", from), ("to", to)];
    let all = all.into_iter().chain([("after", after.unwrap_or_default())]);
    let mut query = Serializer::new(String::new());
    query.extend_pairs(all.filter(|(_, value)| !value.is_empty()));
    format!("/admin/callbacks?{}", query.finish())
}

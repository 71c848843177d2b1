//! ACT: one order: its page, asking the platform about it, giving its money back.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use futures::future::join_all;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::{moments::Moments, office::Tab},
    domain::{
        orders::history::OrderHistory,
        people::operator::{Operator, Permission},
    },
    error::AppError,
    pages::admin::orders::{
        order::OfficeOrderPage,
        refund_form::{RefundForms, RefundProblem, TypedRefund},
    },
    server::{
        admin::{
            live, money_form,
            office::Office,
            orders::refunding::{self, RefundFrom},
            people::step_up::{Acting, Proof},
        },
        http::input::{Segment, ShopForm},
        platform::questions::{self, PlatformAnswer},
        running::{calendar, chance},
        state::AppState,
    },
};

/// Payments of one order that are asked about at once: the newest.
const MOST_ASKED: usize = 10;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Showing {
    /// What came of the last act: a word of [`told`].
    pub told: String,
    /// Something is typed: the page does not load again by itself.
    pub still: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RefundForm {
    payment_id: String,
    amount: String,
    reason: String,
    name: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    showing: Result<Query<Showing>, QueryRejection>,
    Segment(number): Segment,
) -> Result<Response, AppError> {
    let history = find(&state, &number).await?;
    let Showing { told, still } = showing.map(|Query(showing)| showing).unwrap_or_default();
    let is_live = history.is_live(state.now()) && still.is_empty();
    Ok(page(&state, &operator, history, self::told(&told), None, is_live))
}

pub async fn events(
    State(state): State<AppState>,
    watcher: live::PageWatcher,
    Segment(number): Segment,
) -> Result<Response, AppError> {
    let order = state.store.order_of_number(&number).await?.ok_or(AppError::NotFound)?;
    Ok(watcher.follow(move || {
        let (store, number) = (state.store.clone(), order.number.clone());
        async move { Ok(store.order_news(&number).await?.map(live::News::Now)) }
    }))
}

/// Asks about all its payments now.
pub async fn ask(State(state): State<AppState>, operator: Operator, Segment(number): Segment) -> Result<Response, AppError> {
    let history = find(&state, &number).await?;
    let number = &history.order.number;
    state.store.note_act(&operator.email, "ask the platform", &format!("order {number}"), "", state.now()).await?;
    let newest = history.order.attempts.iter().rev().take(MOST_ASKED);
    let answers = join_all(newest.map(|attempt| questions::ask(&state, &attempt.payment_id))).await;
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let after = state.store.order_news(number).await?;
    let told = match after.as_deref() {
        Some(news) if news != history.news() => "changed",
        _ if answers.contains(&PlatformAnswer::Silence) => "silence",
        _ if answers.contains(&PlatformAnswer::Told) => "nothing-new",
        _ => "not-found",
    };
    Ok(Redirect::to(&format!("/admin/orders/{number}?told={told}")).into_response())
}

pub async fn refund(acting: Acting, Segment(number): Segment, ShopForm(form): ShopForm<RefundForm>) -> Result<Response, AppError> {
    let history = find(&acting.state, &number).await?;
    let number = history.order.number.clone();
    let attempt = history.order.attempt(&form.payment_id).ok_or(AppError::BadRequest)?;
    let wanted = refunding::RefundWanted {
        id: format!("refund-{}", money_form::name(&form.name)?),
        payment_id: attempt.payment_id.clone(),
        amount: &form.amount,
        reason: &form.reason,
        proof: &form.proof,
    };
    match refunding::refund(&acting, attempt.amount.currency(), RefundFrom::OrderPage(&history), wanted).await? {
        Ok(_) => Ok(Redirect::to(&format!("/admin/orders/{number}?told=refund")).into_response()),
        Err(problem) => {
            // As it is now: somebody else may have refunded meanwhile.
            let history = find(&acting.state, &number).await?;
            let typed = TypedRefund { payment_id: form.payment_id, amount: form.amount, reason: form.reason };
            Ok(page(&acting.state, &acting.operator, history, None, Some((typed, problem)), false))
        }
    }
}

async fn find(state: &AppState, number: &str) -> Result<OrderHistory, AppError> {
    state.store.order_history(number).await?.ok_or(AppError::NotFound)
}

/// The sentence for the outcome of an act. Text from an address is never shown.
pub fn told(code: &str) -> Option<&'static str> {
    Some(match code {
        "changed" => "The platform was asked, and what it told changed this order.",
        "nothing-new" => "The platform was asked. It told nothing new.",
        "not-found" => "The platform was asked. It knows of no payment here: nobody paid there yet, or nothing ever arrived.",
        "silence" => "The platform was asked, and gave no clear answer. It is asked again by itself; try again later.",
        "refund" => "The refund is written down and on its way. What becomes of it is told here.",
        "applied" => "The callback was verified and went through the rules again.",
        "applied-nothing-new" => "The callback was verified and went through the rules again. It changed nothing.",
        "applied-case" => "The callback was verified again. It still waits for a person, or a person decided about it already.",
        "unverified" => "The callback does not verify with the present keys. Nothing was done.",
        _ => return None,
    })
}

/// How moments are written here.
pub fn writer(state: &AppState) -> Moments {
    let zone = state.config.time_zone.clone();
    Moments::written_by(move |at| calendar::written(at, &zone))
}

/// What all refund forms of a page share.
pub fn forms(state: &AppState, operator: &Operator, history: Option<&OrderHistory>) -> RefundForms {
    let currency = history.map(|history| history.order.total.currency());
    let limit = currency.and_then(|currency| state.config.support_refunds_up_to.of(currency));
    RefundForms {
        name: chance::token(),
        typed: None,
        has_second_factor: operator.has_second_factor,
        is_allowed: operator.role.may(Permission::Refund),
        limit: limit.filter(|_| !operator.role.may(Permission::MoveMoney)),
    }
}

fn page(
    state: &AppState,
    operator: &Operator,
    history: OrderHistory,
    told: Option<&'static str>,
    typed: Option<(TypedRefund, RefundProblem)>,
    is_live: bool,
) -> Response {
    let mut office = Office::titled(format!("Order {}", history.order.number)).under(Tab::Orders);
    if typed.is_some() {
        office = office.refused();
    }
    if is_live {
        office = office.refreshed_without_scripts();
    }
    let forms = RefundForms { typed, ..forms(state, operator, Some(&history)) };
    let (may_ask, moments, now) = (operator.role.may(Permission::Ask), writer(state), state.now());
    office.show(state, operator, move || {
        view! { <OfficeOrderPage history=history told=told forms=forms may_ask=may_ask is_live=is_live moments=moments now=now/> }
    })
}

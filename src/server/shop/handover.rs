//! ACT: the page between the checkout and the wallet or bank, while the platform prepares a direct sale.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header::REFRESH},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use url::Url;

use crate::{
    domain::{
        orders::{
            beside::BesideOrder,
            order::{Attempt, Order},
        },
        shop::customer::{FieldError, LastName},
    },
    error::AppError,
    pages::handover::{HandoverPage, Step, title},
    server::{
        http::{
            content_security::Policy,
            input::{Segment, ShopForm},
            respond::Page,
            visitor::Visitor,
        },
        shop::{order::find_and_beside, ordering_browser, sales},
        state::AppState,
    },
};

/// `GET /orders/{token}/continue`
pub async fn show(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    let Some(attempt) = under_way(&order, &beside, state.now()) else { return Ok(to_order(&token)) };
    sales::begin(&state, attempt);
    let step = match &attempt.handover {
        Some(handover) => Step::Ready(handover.clone()),
        None if attempt.asks_last_name => Step::AsksLastName { typed: String::new(), error: None },
        None => Step::Waits,
    };
    Ok(page(&state, &visitor, &order, attempt, step))
}

/// What was typed on the page.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct TypedClarification {
    last_name: String,
}

/// `POST /orders/{token}/continue`: the last name the platform asked for.
pub async fn clarify(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
    ShopForm(TypedClarification { last_name: typed }): ShopForm<TypedClarification>,
) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    let Some(attempt) = under_way(&order, &beside, state.now()) else { return Ok(to_order(&token)) };
    let refused = |error| page(&state, &visitor, &order, attempt, Step::AsksLastName { typed: typed.clone(), error: Some(error) });
    let last_name = match LastName::parse(&typed) {
        Ok(last_name) => last_name,
        Err(error) => return Ok(refused(error)),
    };
    if attempt.asks_last_name {
        match sales::clarify(&state, attempt, &last_name).await {
            Ok(true) => {
                let kept = ordering_browser::is(&state, &visitor, &token).then_some(&last_name);
                state.store.last_name_given(&attempt.payment_id, kept).await?;
            }
            Ok(false) => return Ok(refused(FieldError::NotTaken)),
            // It may have arrived: the next callback tells.
            Err(silence) => {
                tracing::warn!(payment_id = attempt.payment_id, %silence, "it is not known whether a last name arrived");
            }
        }
    }
    Ok(Redirect::to(&format!("/orders/{token}/continue")).into_response())
}

/// The newest attempt, if it is a direct sale that may still be paid.
fn under_way<'a>(order: &'a Order, beside: &BesideOrder, now: i64) -> Option<&'a Attempt> {
    let is_payable = !(order.is_paid() || beside.is_in_doubt(order));
    order.attempts.last().filter(|attempt| attempt.sale.is_some() && attempt.is_open(now) && is_payable)
}

fn to_order(token: &str) -> Response {
    Redirect::to(&format!("/orders/{token}")).into_response()
}

fn page(state: &AppState, visitor: &Visitor, order: &Order, attempt: &Attempt, step: Step) -> Response {
    let locale = visitor.locale;
    let method = attempt.method.map_or("", |method| method.rules().name);
    let mut page = Page::titled(title(&step, locale));
    let mut leads_by_itself = None;
    match &step {
        Step::Waits => page = page.refreshed_without_scripts(),
        Step::AsksLastName { error: Some(_), .. } => page = page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
        Step::AsksLastName { .. } => {}
        Step::Ready(handover) => {
            let origin = Url::parse(&handover.url).ok().map(|url| url.origin().ascii_serialization());
            page = page.with_policy(Policy { leads_to: origin, ..Policy::default() });
            // Not a redirect: the checkout's policy would forbid its form to end on a host it does not know.
            leads_by_itself = (!handover.by_post).then(|| format!("0; url={}", handover.url));
        }
    }
    let order = order.clone();
    let mut response =
        page.show(state, visitor, move || view! { <HandoverPage order=order step=step method=method locale=locale/> });
    if let Some(refresh) = leads_by_itself.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}

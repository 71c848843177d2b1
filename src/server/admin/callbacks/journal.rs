//! ACT: the journal of callbacks, and one of them applied again.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    server::{
        admin::{
            callbacks::{
                page::{self, Outcome},
                several_cases,
            },
            orders::order,
        },
        http::input::{Number, ShopForm},
        platform::callbacks::taking_in::{self, ApplyError},
        state::AppState,
        store::{Recorded, StoreError},
    },
};

/// The page to show after an act on a callback.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Back {
    /// Not empty: to the page of its order.
    order: String,
}

pub async fn show(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let fields = page::fields(query.as_deref());
    let told = told(fields.value("told"));
    page::show(&state, &operator, fields, Outcome { told, ..Outcome::default() }).await
}

/// Verifies a stored callback again and applies it by the same rules.
pub async fn apply_again(
    State(state): State<AppState>,
    operator: Operator,
    Number(id): Number,
    ShopForm(back): ShopForm<Back>,
) -> Result<Response, AppError> {
    let callback = state.store.callback(id).await?.ok_or(AppError::NotFound)?;
    let number = state.store.number_of_payment(&callback.payment_id).await?;
    let before = news(&state, number.as_deref(), &callback.payment_id).await?;
    let told = match taking_in::apply_again(&state, &operator.email, &callback).await {
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
        // An order that cannot be read does not keep the callback from being applied.
        Err(StoreError::Inconsistent(_)) => Ok(None),
        news => Ok(news?),
    }
}

/// The sentence for the outcome of an act. Text from an address is never shown.
fn told(code: &str) -> Option<String> {
    let told = match code {
        "accepted" => Some("The case is closed: accepted."),
        "accepted-opened" => Some("The case is closed: accepted. Accepting it opened another case."),
        "refunded" => Some("The case is closed, and the refund is on its way. What becomes of it is told on the order's page."),
        "dismissed" => Some("The case is closed: ignored, with the reason kept."),
        code => order::told(code),
    };
    told.map(str::to_owned).or_else(|| several_cases::told(code))
}

//! `/control` for programs: what the sandbox knows, and how to make it misbehave. Shapes are part of the outside contract.

pub mod dashboard;
pub mod faults;
mod json_object;
pub mod panel;
pub mod payments;
pub mod questions;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    callbacks::delivery,
    control::{faults::Faults, json_object::NotThatObject},
    ledger::{LedgerError, settings},
    look::error::PageError,
    sandbox::Sandbox,
};

/// A short answer that says no: `{"error": "…"}`.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    status: StatusCode,
    reason: String,
}

impl Refusal {
    /// A refusal with its reason, for people who read logs of their tests.
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }

    /// 404, naming the payment.
    pub fn unknown_payment(payment_id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no payment {payment_id:?}"))
    }
}

impl From<PageError> for Refusal {
    fn from(error: PageError) -> Self {
        tracing::error!(%error, "a control request broke off");
        Self::new(error.http_status(), "the data file cannot be read or written")
    }
}

impl From<NotThatObject> for Refusal {
    fn from(error: NotThatObject) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        PageError::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.reason }))).into_response()
    }
}

/// `GET /control/faults`
pub async fn show_faults(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    Ok(Json(sandbox.ledger.look(settings::faults).await?))
}

/// `PUT /control/faults`
pub async fn replace_faults(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Faults>, Refusal> {
    let faults = Faults::parse(&body).map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    set_faults(&sandbox, faults.clone()).await?;
    Ok(Json(faults))
}

/// `DELETE /control/faults`
pub async fn clear_faults(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    set_faults(&sandbox, Faults::default()).await?;
    Ok(Json(Faults::default()))
}

/// Applies to callbacks and Gate's answers made from now on. What waited for a fault to go is decided.
pub async fn set_faults(sandbox: &Arc<Sandbox>, faults: Faults) -> Result<(), LedgerError> {
    sandbox.act(move |tx, _| settings::set_faults(tx, &faults)).await
}

/// How far the clock is moved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: u64,
}

const LONGEST_ADVANCE_S: u64 = 100 * 24 * 60 * 60;

/// `POST /control/clock`: answers when everything that fell due was sent.
pub async fn move_clock(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, Refusal> {
    let advance: Advance = json_object::read(&body)?;
    advance_clock(&sandbox, advance.advance_s).await?;
    Ok(Json(json!({ "now": sandbox.clock.now().rfc3339() })).into_response())
}

/// Goes on to its end even if whoever asked goes away.
pub async fn advance_clock(sandbox: &Arc<Sandbox>, seconds: u64) -> Result<(), Refusal> {
    if seconds > LONGEST_ADVANCE_S {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, format!("advance_s: at most {LONGEST_ADVANCE_S} (100 days)")));
    }
    let sandbox = Arc::clone(sandbox);
    let moved = tokio::spawn(async move { delivery::advance(&sandbox, Duration::from_secs(seconds)).await });
    match moved.await {
        Ok(moved) => Ok(moved.map_err(PageError::from)?),
        Err(_) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "moving the clock broke off")),
    }
}

/// `POST /control/reset`
pub async fn reset(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, Refusal> {
    delivery::reset(&sandbox).await?;
    Ok(Json(json!({})).into_response())
}

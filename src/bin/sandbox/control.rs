//! `/control` for programs: what the sandbox knows, and how to make it misbehave. Shapes are part of the outside contract.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    callback_sender,
    error::PageError,
    faults::Faults,
    json_object,
    ledger::{
        LedgerError, callbacks, operations,
        payments::{self, by_payment_id},
        settings,
    },
    payment::Payment,
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
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the data file cannot be read or written")
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

/// One line of the list.
#[derive(Serialize)]
pub struct PaymentInBrief {
    payment_id: String,
    status: String,
}

/// Everything about one payment.
#[derive(Serialize)]
pub struct PaymentInFull {
    payment_id: String,
    project_id: u64,
    status: String,
    /// `payment.method` as callbacks spell it.
    method: &'static str,
    /// Minor units.
    amount: u64,
    currency: &'static str,
    operations: Vec<OperationShape>,
    callbacks: Vec<CallbackShape>,
}

#[derive(Serialize)]
struct OperationShape {
    id: i64,
    r#type: &'static str,
    status: String,
    /// Minor units.
    amount: u64,
    currency: &'static str,
    code: String,
}

#[derive(Serialize)]
struct CallbackShape {
    url: String,
    body: String,
    attempts: Vec<AttemptShape>,
}

#[derive(Serialize)]
struct AttemptShape {
    at: String,
    http_status: Option<u16>,
}

/// `GET /control/payments`
pub async fn list_payments(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<PaymentInBrief>>, Refusal> {
    let payments = payments::all(&mut *sandbox.ledger.read().await?).await?;
    let brief = |payment: Payment| PaymentInBrief { payment_id: payment.payment_id, status: payment.status.to_string() };
    Ok(Json(payments.into_iter().map(brief).collect()))
}

/// `GET /control/payments/{payment_id}`
pub async fn show_payment(
    State(sandbox): State<Arc<Sandbox>>,
    Path(payment_id): Path<String>,
) -> Result<Json<PaymentInFull>, Refusal> {
    in_full(&sandbox, &payment_id).await.map(Json)
}

/// Sends all callbacks of a payment again, and answers when they were tried.
pub async fn send_again(
    State(sandbox): State<Arc<Sandbox>>,
    Path(payment_id): Path<String>,
) -> Result<Json<PaymentInFull>, Refusal> {
    let found = by_payment_id(&mut *sandbox.ledger.read().await?, &payment_id).await?;
    let payment = found.ok_or_else(|| Refusal::unknown_payment(&payment_id))?;
    callback_sender::send_again(&sandbox, payment.id).await?;
    in_full(&sandbox, &payment_id).await.map(Json)
}

async fn in_full(sandbox: &Sandbox, payment_id: &str) -> Result<PaymentInFull, Refusal> {
    let mut read = sandbox.ledger.read().await?;
    let payment = by_payment_id(&mut read, payment_id).await?.ok_or_else(|| Refusal::unknown_payment(payment_id))?;
    let operations = operations::of_payment(&mut read, payment.id).await?.into_iter().map(|operation| OperationShape {
        id: operation.id,
        r#type: operation.operation_type.code(),
        status: operation.status,
        amount: operation.amount,
        currency: operation.currency.code(),
        code: operation.code,
    });
    let callbacks = callbacks::of_payment(&mut read, payment.id).await?.into_iter().map(|callback| CallbackShape {
        url: callback.url,
        body: callback.body,
        attempts: callback
            .attempts
            .into_iter()
            .map(|attempt| AttemptShape { at: attempt.at.rfc3339(), http_status: attempt.http_status })
            .collect(),
    });
    Ok(PaymentInFull {
        project_id: payment.project_id,
        status: payment.status.to_string(),
        method: payment.method.rules().callback_name,
        amount: payment.amount,
        currency: payment.currency.code(),
        operations: operations.collect(),
        callbacks: callbacks.collect(),
        payment_id: payment.payment_id,
    })
}

/// `GET /control/faults`
pub async fn show_faults(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    Ok(Json(settings::faults(&mut *sandbox.ledger.read().await?).await?))
}

/// `PUT /control/faults`
pub async fn replace_faults(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Faults>, Refusal> {
    let faults = Faults::parse(&body).map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    set_faults(&sandbox, &faults).await?;
    Ok(Json(faults))
}

/// `DELETE /control/faults`
pub async fn clear_faults(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    set_faults(&sandbox, &Faults::default()).await?;
    Ok(Json(Faults::default()))
}

/// Applies to callbacks and Gate's answers made from now on. What waited for a fault to go is decided.
pub async fn set_faults(sandbox: &Sandbox, faults: &Faults) -> Result<(), LedgerError> {
    let mut write = sandbox.ledger.write().await?;
    settings::set_faults(&mut write, faults).await?;
    write.commit().await?;
    sandbox.sender.wake();
    Ok(())
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
    let advance: Advance = json_object::read(&body).map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    advance_clock(&sandbox, advance.advance_s).await?;
    Ok(Json(json!({ "now": sandbox.clock.now().rfc3339() })).into_response())
}

/// Goes on to its end even if whoever asked goes away.
pub async fn advance_clock(sandbox: &Arc<Sandbox>, seconds: u64) -> Result<(), Refusal> {
    if seconds > LONGEST_ADVANCE_S {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, format!("advance_s: at most {LONGEST_ADVANCE_S} (100 days)")));
    }
    let sandbox = Arc::clone(sandbox);
    let moved = tokio::spawn(async move { callback_sender::advance(&sandbox, Duration::from_secs(seconds)).await });
    match moved.await {
        Ok(moved) => Ok(moved.map_err(PageError::from)?),
        Err(_) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "moving the clock broke off")),
    }
}

/// `POST /control/reset`
pub async fn reset(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, Refusal> {
    callback_sender::reset(&sandbox).await?;
    Ok(Json(json!({})).into_response())
}

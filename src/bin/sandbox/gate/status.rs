//! `POST /v2/payment/status`: what is known of a payment now, signed.

use std::sync::Arc;

use crate::{
    acts::refused::{RefusalCode, Refused},
    callbacks::body,
    gate::{answer, request::GateRequest},
    ledger::{Transaction, control, operations, payments, questions},
    running::clock::Moment,
    sandbox::{ActError, Sandbox},
    web::answer::signed,
};
use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};
use serde_json::{Value, json};
use tokio::task::block_in_place;

/// An unknown payment is an answer, too: HTTP 200 (careful reading) with `errors`, signed like any other.
pub async fn tell(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes) -> Response {
    told(&sandbox, &headers, &body).await.unwrap_or_else(|refused| answer::refusal(&body, refused))
}

async fn told(sandbox: &Sandbox, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refused> {
    let request = block_in_place(|| GateRequest::read(headers, body, &sandbox.settings))?;
    let now = sandbox.clock.now();
    let known = sandbox.ledger.decide(move |tx| known(tx, &request.payment_id, now)).await?;
    signed(known.unwrap_or_else(|| unknown(sandbox.settings.project_id)), &sandbox.settings.key)
}

/// What is known of a payment, once the question is recorded.
fn known(tx: &Transaction, payment_id: &str, at: Moment) -> Result<Option<Value>, ActError> {
    questions::insert(tx, payment_id, at)?;
    let Some(payment) = payments::by_payment_id(tx, payment_id)? else { return Ok(None) };
    let operations = operations::of_payment(tx, payment.id)?;
    Ok(Some(body::status_document(&payment, &operations, &control::faults(tx)?)?))
}

fn unknown(project_id: u64) -> Value {
    let reason = RefusalCode::UnknownPayment;
    json!({ "project_id": project_id, "errors": [{ "code": reason.name(), "message": reason.to_string() }] })
}

//! `POST /v2/payment/status`: what is known of a payment now, signed.

use std::sync::Arc;

use crate::{
    callbacks::body::{self, Unwritable},
    gate::{answer, refused::Refused, request::Request},
    ledger::{Transaction, operations, payments, questions, settings},
    payments::act::ActError,
    running::clock::Moment,
    sandbox::Sandbox,
};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use storefront::protocol::signed::document::{SignaturePlace, signed};
use tokio::task::block_in_place;

/// An unknown payment is an answer, too: HTTP 200 (careful reading) with `errors`, signed like any other.
pub async fn tell(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    match document(&sandbox, &body).await {
        Ok(document) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response(),
        Err(refused) => answer::refusal(&body, refused),
    }
}

async fn document(sandbox: &Sandbox, body: &[u8]) -> Result<String, Refused> {
    let request = block_in_place(|| Request::read(body, &sandbox.settings))?;
    let now = sandbox.clock.now();
    let known = sandbox.ledger.decide(move |tx| told(tx, &request.payment_id, now)).await?;
    let document = known.unwrap_or_else(|| unknown(sandbox.settings.project_id));
    Ok(signed(document, SignaturePlace::Top, &sandbox.settings.key).map_err(Unwritable::from).map_err(ActError::from)?)
}

/// What is known of a payment, once the question is written down.
fn told(tx: &Transaction, payment_id: &str, at: Moment) -> Result<Option<Value>, ActError> {
    questions::insert(tx, payment_id, at)?;
    let Some(payment) = payments::by_payment_id(tx, payment_id)? else { return Ok(None) };
    let operations = operations::of_payment(tx, payment.id)?;
    Ok(Some(body::status_document(&payment, &operations, &settings::faults(tx)?)?))
}

fn unknown(project_id: u64) -> Value {
    let reason = Refused::UnknownPayment;
    json!({ "project_id": project_id, "errors": [{ "code": reason.code(), "message": reason.to_string() }] })
}

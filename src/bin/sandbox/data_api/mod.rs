//! The Data API: the register of operations, for reports and for comparing it with the shop's own books. Under `/v1`.
//!
//! Careful readings, since the spelling of most of it is not published: moments are UTC, the interval is that in which
//! operations began (both ends count, to the second), amounts are minor units, what is not decided has no completion.

pub mod control;
mod discrepancy;
mod request;

use std::sync::Arc;

use axum::{
    Json as JsonAnswer,
    body::Bytes,
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use storefront::{
    platform::{Method, PaymentStatus, Standing},
    protocol::signed::document::{SignaturePlace, signed},
};
use tokio::task::block_in_place;

pub use self::discrepancy::Discrepancy;
use self::request::{PaymentRequest, Refused, Request};
use crate::{
    ledger::{
        LedgerError, Transaction,
        register::{self, RegisterLine},
        settings,
    },
    sandbox::Sandbox,
};

/// `POST /v1/operations/get`
pub async fn operations(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    match document(&sandbox, &body).await {
        Ok(document) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response(),
        Err(refused) => refusal(refused),
    }
}

/// `POST /v1/operations/get-by-payment`
pub async fn operations_of_payment(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    match document_of_payment(&sandbox, &body).await {
        Ok(document) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response(),
        Err(refused) => refusal(refused),
    }
}

/// Any other address of the Data API.
pub async fn nowhere() -> Response {
    refusal(Refused::NothingHere)
}

async fn document(sandbox: &Sandbox, body: &[u8]) -> Result<String, Refused> {
    let request = block_in_place(|| Request::read(body, &sandbox.settings))?;
    let all = match request.project {
        true => listed(sandbox, &request).await?,
        false => Vec::new(),
    };
    let total = all.len();
    let page: Vec<Value> = all.into_iter().skip(request.offset).take(request.limit).collect();
    let document = json!({ "operations": page, "total": total });
    signed(document, SignaturePlace::Top, &sandbox.settings.data_api_key).map_err(Refused::Unwritable)
}

async fn document_of_payment(sandbox: &Sandbox, body: &[u8]) -> Result<String, Refused> {
    let request = block_in_place(|| PaymentRequest::read(body, &sandbox.settings))?;
    let payment_id = request.payment_id.clone();
    let look = move |tx: &Transaction| Ok::<_, LedgerError>((register::of_payment(tx, &payment_id)?, settings::discrepancies(tx)?));
    let (lines, discrepancies) = sandbox.ledger.look(look).await?;
    let now = sandbox.clock.now();
    let all = discrepancy::applied(lines.iter().map(written).collect(), &discrepancies, sandbox.settings.project_id, now);
    let is_of_payment = |line: &Value| {
        line["payment_id"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(&request.payment_id)) && request.project
    };
    let all: Vec<_> = all.into_iter().filter(is_of_payment).collect();
    let document = json!({ "total": all.len(), "operations": all });
    signed(document, SignaturePlace::Top, &sandbox.settings.data_api_key).map_err(Refused::Unwritable)
}

async fn listed(sandbox: &Sandbox, request: &Request) -> Result<Vec<Value>, LedgerError> {
    let (from, before) = (request.from, request.before);
    let look = move |tx: &Transaction| Ok::<_, LedgerError>((register::lines(tx, from, before)?, settings::discrepancies(tx)?));
    let (lines, discrepancies) = sandbox.ledger.look(look).await?;
    let middle = from.plus(before.since(from) / 2);
    Ok(discrepancy::applied(lines.iter().map(written).collect(), &discrepancies, sandbox.settings.project_id, middle))
}

fn written(line: &RegisterLine) -> Value {
    let is_final = PaymentStatus::new(&line.operation_status).standing() != Standing::Open;
    json!({
        "project_id": line.project_id,
        "operation_id": line.operation_id,
        "payment_id": line.payment_id,
        "operation_type": line.operation_type,
        "operation_status": line.operation_status,
        "operation_code": line.code,
        "operation_message": line.message,
        "method": Method::from_code(&line.method).map_or(line.method.as_str(), |method| method.rules().callback_name),
        "description": line.description,
        "merchant_refund_id": line.merchant_refund_id,
        "customer_id": line.customer_id,
        "operation_created_at": line.created_at.readable(),
        "operation_completed_at": is_final.then(|| line.changed_at.readable()),
        "initial_amount": line.amount,
        "initial_currency": line.currency,
        "channel_amount": line.amount,
        "channel_currency": line.currency,
    })
}

fn refusal(refused: Refused) -> Response {
    if refused.http_status().is_server_error() {
        tracing::error!(error = %refused, "a request to the Data API broke off");
    }
    let answer = json!({ "status": "error", "code": refused.code(), "message": refused.to_string() });
    (refused.http_status(), JsonAnswer(answer)).into_response()
}

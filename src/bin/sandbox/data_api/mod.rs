//! The Data API: the register of operations, for reports and for comparing it with the shop's own books. Under `/v1`.
//!
//! Careful readings, since most of its format is not published: moments are UTC, the interval is that in which operations
//! began (both ends included, to the second), amounts are minor units, an undecided operation has no completion.

mod discrepancy;
mod request;

use std::sync::Arc;

use axum::{body::Bytes, extract::State, response::Response};
use serde_json::{Value, json};
use storefront::platform::{PaymentStatus, Standing};
use tokio::task::block_in_place;

use self::request::{PaymentRequest, RegisterRequest};
use crate::{
    acts::refused::{RefusalCode, Refused},
    ledger::{
        Transaction, control,
        error::LedgerError,
        register::{self, RegisterLine},
    },
    running::clock::Moment,
    sandbox::Sandbox,
    web::answer::{self, signed},
};

/// `POST /v1/operations/get`
pub async fn operations(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    page(&sandbox, &body).await.unwrap_or_else(|refused| answer::refusal(&refused))
}

/// `POST /v1/operations/get-by-payment`
pub async fn operations_of_payment(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    of_payment(&sandbox, &body).await.unwrap_or_else(|refused| answer::refusal(&refused))
}

/// Any other address of the Data API.
pub async fn nowhere() -> Response {
    answer::refusal(&RefusalCode::NothingHere.into())
}

async fn page(sandbox: &Sandbox, body: &[u8]) -> Result<Response, Refused> {
    let request = block_in_place(|| RegisterRequest::read(body, &sandbox.settings))?;
    let (from, before) = (request.from, request.before);
    let all = match request.project {
        true => listed(sandbox, from.plus(before.since(from) / 2), move |tx| register::lines(tx, from, before)).await?,
        false => Vec::new(),
    };
    let total = all.len();
    let page: Vec<Value> = all.iter().skip(request.offset).take(request.limit).map(written).collect();
    signed(json!({ "operations": page, "total": total }), &sandbox.settings.data_api_key)
}

async fn of_payment(sandbox: &Sandbox, body: &[u8]) -> Result<Response, Refused> {
    let request = block_in_place(|| PaymentRequest::read(body, &sandbox.settings))?;
    let payment_id = request.payment_id.clone();
    let all = listed(sandbox, sandbox.clock.now(), move |tx| register::of_payment(tx, &payment_id)).await?;
    let is_asked_for = |line: &&RegisterLine| request.project && line.payment_id.eq_ignore_ascii_case(&request.payment_id);
    let all: Vec<Value> = all.iter().filter(is_asked_for).map(written).collect();
    signed(json!({ "total": all.len(), "operations": all }), &sandbox.settings.data_api_key)
}

/// Lines of the register with its discrepancies; an extra operation is dated `extra_at`.
async fn listed(
    sandbox: &Sandbox,
    extra_at: Moment,
    lines: impl FnOnce(&Transaction) -> Result<Vec<RegisterLine>, LedgerError> + Send + 'static,
) -> Result<Vec<RegisterLine>, LedgerError> {
    let look = move |tx: &Transaction| Ok::<_, LedgerError>((lines(tx)?, control::discrepancies(tx)?));
    let (lines, discrepancies) = sandbox.ledger.look(look).await?;
    Ok(discrepancy::applied(lines, &discrepancies, sandbox.settings.project_id, extra_at))
}

fn written(line: &RegisterLine) -> Value {
    let operation = &line.operation;
    let is_final = PaymentStatus::new(&operation.status).standing() != Standing::Open;
    json!({
        "project_id": line.project_id,
        "operation_id": operation.id,
        "payment_id": line.payment_id,
        "operation_type": operation.operation_type.name(),
        "operation_status": operation.status,
        "operation_code": operation.code,
        "operation_message": operation.message,
        "method": line.method.rules().callback_name,
        "description": operation.description,
        "merchant_refund_id": operation.merchant_refund_id,
        "customer_id": line.customer_id,
        "operation_created_at": operation.created_at.readable(),
        "operation_completed_at": is_final.then(|| operation.changed_at.readable()),
        "initial_amount": operation.amount,
        "initial_currency": operation.currency.code(),
        "channel_amount": operation.amount,
        "channel_currency": operation.currency.code(),
    })
}

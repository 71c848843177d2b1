//! ACT: payments as `/control` shows them to programs, with their operations and callbacks, which can be sent again.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use crate::{
    callbacks::delivery,
    control::refusal::Refusal,
    ledger::{
        Transaction,
        callbacks::{self, CallbackAttempt, CallbackWithAttempts},
        operations,
        payments::{self, by_payment_id},
    },
    payments::{operation::Operation, payment::Payment},
    sandbox::Sandbox,
};

/// `GET /control/payments`
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Value>>, Refusal> {
    let payments = sandbox.ledger.look(payments::all).await?;
    let brief = |payment: &Payment| json!({ "payment_id": payment.payment_id, "status": payment.status.as_str() });
    Ok(Json(payments.iter().map(brief).collect()))
}

/// `GET /control/payments/{payment_id}`
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Path(payment_id): Path<String>) -> Result<Json<Value>, Refusal> {
    sandbox.ledger.look(move |tx| in_full(tx, &payment_id)).await.map(Json)
}

/// `POST /control/payments/{payment_id}/callbacks`: answers when all were tried.
pub async fn send_again(State(sandbox): State<Arc<Sandbox>>, Path(payment_id): Path<String>) -> Result<Json<Value>, Refusal> {
    send_all_again(&sandbox, payment_id.clone()).await?;
    sandbox.ledger.look(move |tx| in_full(tx, &payment_id)).await.map(Json)
}

/// Sends all callbacks of a payment again.
pub async fn send_all_again(sandbox: &Sandbox, payment_id: String) -> Result<(), Refusal> {
    let payment = sandbox.ledger.look(move |tx| known(tx, &payment_id)).await?;
    Ok(delivery::send_again(sandbox, payment.id).await?)
}

fn known(tx: &Transaction, payment_id: &str) -> Result<Payment, Refusal> {
    by_payment_id(tx, payment_id)?.ok_or_else(|| Refusal::unknown_payment(payment_id))
}

/// Everything about one payment. Amounts are minor units; `method` is `payment.method` as callbacks spell it.
pub fn in_full(tx: &Transaction, payment_id: &str) -> Result<Value, Refusal> {
    let payment = known(tx, payment_id)?;
    let operations = operations::of_payment(tx, payment.id)?;
    let callbacks = callbacks::with_attempts(tx, payment.id)?;
    Ok(json!({
        "payment_id": payment.payment_id,
        "project_id": payment.project_id,
        "status": payment.status.as_str(),
        "method": payment.method.rules().callback_name,
        "amount": payment.amount,
        "currency": payment.currency.code(),
        "operations": operations.iter().map(operation_in_full).collect::<Vec<_>>(),
        "callbacks": callbacks.iter().map(callback_in_full).collect::<Vec<_>>(),
    }))
}

fn operation_in_full(operation: &Operation) -> Value {
    json!({
        "id": operation.id,
        "type": operation.operation_type.name(),
        "status": operation.status,
        "amount": operation.amount,
        "currency": operation.currency.code(),
        "code": operation.code,
    })
}

fn callback_in_full((callback, attempts): &CallbackWithAttempts) -> Value {
    let attempt = |attempt: &CallbackAttempt| json!({ "at": attempt.at.rfc3339(), "http_status": attempt.http_status });
    json!({
        "url": callback.url,
        "body": callback.body,
        "attempts": attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

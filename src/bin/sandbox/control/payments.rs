//! Payments as `/control` shows them to programs, with their operations and callbacks.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

use crate::{
    callbacks::delivery,
    control::Refusal,
    ledger::{
        Transaction, callbacks, operations,
        payments::{self, by_payment_id},
    },
    payments::payment::Payment,
    sandbox::Sandbox,
};

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
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<PaymentInBrief>>, Refusal> {
    let payments = sandbox.ledger.look(payments::all).await?;
    let brief = |payment: Payment| PaymentInBrief { payment_id: payment.payment_id, status: payment.status.to_string() };
    Ok(Json(payments.into_iter().map(brief).collect()))
}

/// `GET /control/payments/{payment_id}`
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Path(payment_id): Path<String>) -> Result<Json<PaymentInFull>, Refusal> {
    sandbox.ledger.look(move |tx| in_full(tx, &payment_id)).await.map(Json)
}

/// Sends all callbacks of a payment again, and answers when they were tried.
pub async fn send_again(
    State(sandbox): State<Arc<Sandbox>>,
    Path(payment_id): Path<String>,
) -> Result<Json<PaymentInFull>, Refusal> {
    let id = sandbox.ledger.look({
        let payment_id = payment_id.clone();
        move |tx| Ok::<_, Refusal>(by_payment_id(tx, &payment_id)?.ok_or_else(|| Refusal::unknown_payment(&payment_id))?.id)
    });
    delivery::send_again(&sandbox, id.await?).await?;
    sandbox.ledger.look(move |tx| in_full(tx, &payment_id)).await.map(Json)
}

/// All that is known of a payment.
pub fn in_full(tx: &Transaction, payment_id: &str) -> Result<PaymentInFull, Refusal> {
    let payment = by_payment_id(tx, payment_id)?.ok_or_else(|| Refusal::unknown_payment(payment_id))?;
    let operations = operations::of_payment(tx, payment.id)?.into_iter().map(|operation| OperationShape {
        id: operation.id,
        r#type: operation.operation_type.code(),
        status: operation.status,
        amount: operation.amount,
        currency: operation.currency.code(),
        code: operation.code,
    });
    let callbacks = callbacks::of_payment(tx, payment.id)?.into_iter().map(|callback| CallbackShape {
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

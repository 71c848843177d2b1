//! ACT: `/control/register`: what the Data API's register tells wrongly; the payments stay as they are.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};

use crate::{control::refusal::Refusal, faults::Discrepancy, ledger::control, sandbox::Sandbox};

/// `GET /control/register`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    Ok(Json(sandbox.ledger.look(control::discrepancies).await?))
}

/// `PUT /control/register`: replaces all.
pub async fn replace(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    set(&sandbox, serde_json::from_slice(&body).map_err(Refusal::bad_request)?).await
}

/// `DELETE /control/register`
pub async fn clear(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    set(&sandbox, Vec::new()).await
}

async fn set(sandbox: &Sandbox, discrepancies: Vec<Discrepancy>) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    let kept = discrepancies.clone();
    sandbox.ledger.decide(move |tx| control::set_discrepancies(tx, &kept)).await?;
    Ok(Json(discrepancies))
}

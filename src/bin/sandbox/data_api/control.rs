//! `/control/register`: what the register is to tell wrongly. The Data API's answers alone change.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::StatusCode};

use super::Discrepancy;
use crate::{
    control::Refusal,
    ledger::{LedgerError, settings},
    sandbox::Sandbox,
};

/// `GET /control/register`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    Ok(Json(sandbox.ledger.look(settings::discrepancies).await?))
}

/// `PUT /control/register`: replaces all.
pub async fn replace(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    let read = serde_json::from_slice(&body).map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()));
    let discrepancies: Vec<Discrepancy> = read?;
    set(&sandbox, discrepancies.clone()).await?;
    Ok(Json(discrepancies))
}

/// `DELETE /control/register`
pub async fn clear(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Discrepancy>>, Refusal> {
    set(&sandbox, Vec::new()).await?;
    Ok(Json(Vec::new()))
}

async fn set(sandbox: &Sandbox, discrepancies: Vec<Discrepancy>) -> Result<(), LedgerError> {
    sandbox.ledger.decide(move |tx| settings::set_discrepancies(tx, &discrepancies)).await
}

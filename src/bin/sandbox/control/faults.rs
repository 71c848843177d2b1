//! ACT: `/control/faults`: what callbacks and Gate do wrong from now on.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};

use crate::{
    control::{json_object, refusal::Refusal},
    faults::Faults,
    ledger::control,
    sandbox::Sandbox,
};

/// `GET /control/faults`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    Ok(Json(sandbox.ledger.look(control::faults).await?))
}

/// `PUT /control/faults`: replaces all.
pub async fn replace(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Faults>, Refusal> {
    set(&sandbox, json_object::read(&body)?).await
}

/// `DELETE /control/faults`
pub async fn clear(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Faults>, Refusal> {
    set(&sandbox, Faults::default()).await
}

/// They apply to callbacks and Gate's answers made from now on. What waited for a fault to end is decided.
pub async fn set(sandbox: &Arc<Sandbox>, faults: Faults) -> Result<Json<Faults>, Refusal> {
    let kept = faults.clone();
    sandbox.act(move |tx, _| control::set_faults(tx, &kept)).await?;
    Ok(Json(faults))
}

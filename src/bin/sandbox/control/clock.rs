//! ACT: `/control/clock` moves the sandbox's clock; `/control/reset` forgets everything.

use std::{sync::Arc, time::Duration};

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    acts::due,
    control::{json_object, refusal::Refusal},
    running::limits::LONGEST_ADVANCE_S,
    sandbox::Sandbox,
};

/// How far the clock is moved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: u64,
}

/// `POST /control/clock`: answers when everything that fell due was sent.
pub async fn advance(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let Advance { advance_s } = json_object::read(&body)?;
    advance_by(&sandbox, advance_s).await?;
    Ok(Json(json!({ "now": sandbox.clock.now().rfc3339() })))
}

/// Goes on to its end even if the caller goes away.
pub async fn advance_by(sandbox: &Arc<Sandbox>, seconds: u64) -> Result<(), Refusal> {
    if seconds > LONGEST_ADVANCE_S {
        return Err(Refusal::bad_request(format!("advance_s: at most {LONGEST_ADVANCE_S} (100 days)")));
    }
    let sandbox = Arc::clone(sandbox);
    let moved = tokio::spawn(async move { due::advance(&sandbox, Duration::from_secs(seconds)).await });
    let failed = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "moving the clock failed");
    Ok(moved.await.map_err(failed)??)
}

/// `POST /control/reset`
pub async fn reset(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Value>, Refusal> {
    sandbox.reset().await?;
    Ok(Json(json!({})))
}

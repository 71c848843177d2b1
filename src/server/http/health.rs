//! Health checks: is the process alive, and can the shop take money?

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::server::{running::readiness::NotStorable, state::AppState};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// Ready: callbacks can be stored, and the workers run.
pub async fn ready(State(state): State<AppState>) -> Response {
    let cannot_run = state.workers.that_cannot_run();
    if !cannot_run.is_empty() {
        return not_ready(format!("cannot run: {}", cannot_run.join(", ")));
    }
    match state.readiness.ask(state.clock.elapsed(), || callbacks_can_be_stored(state.clone())).await {
        Ok(()) => "ready".into_response(),
        Err(NotStorable) => not_ready("callbacks cannot be stored".to_owned()),
    }
}

fn not_ready(why: String) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], why).into_response()
}

/// Tries a write in the same way as a callback does, and rolls it back.
async fn callbacks_can_be_stored(state: AppState) -> Result<(), NotStorable> {
    state.store.prove_writable(state.now()).await.map_err(|error| {
        tracing::error!(%error, "not ready");
        NotStorable
    })
}

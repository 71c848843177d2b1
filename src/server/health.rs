//! For those who watch over the shop: is it alive, can it take money, how much does it do.

use axum::{extract::State, http::StatusCode};

use super::state::AppState;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database can be written: money could be taken now.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.store.prove_writable(state.now()).await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be written")
        }
    }
}

/// Prometheus text.
pub async fn metrics(State(state): State<AppState>) -> String {
    state.metrics.render()
}

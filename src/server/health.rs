//! For those who watch over the shop: is it alive, can it take money.

use std::sync::{Mutex, PoisonError};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::{limits, state::AppState};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// Money could be taken now: what the platform tells can be stored, and what the shop does by itself runs.
pub async fn ready(State(state): State<AppState>) -> Response {
    let cannot_run = state.workers.that_cannot_run();
    if !cannot_run.is_empty() {
        return not_ready(format!("cannot run: {}", cannot_run.join(", ")));
    }
    match state.readiness.ask(&state).await {
        Ok(()) => "ready".into_response(),
        Err(NotStorable) => not_ready("callbacks cannot be stored".to_owned()),
    }
}

fn not_ready(why: String) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], why).into_response()
}

/// A callback could not be stored now. Why is in the log.
#[derive(Debug, Clone, Copy)]
struct NotStorable;

type Answer = Shared<BoxFuture<'static, Result<(), NotStorable>>>;

/// The newest answer to whether callbacks can be stored, and when it was asked for (seconds of this run). All who ask at once share it, and a good one counts for a while:
/// anybody may ask, so asking has to cost nothing.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(i64, Answer)>>);

impl Readiness {
    async fn ask(&self, state: &AppState) -> Result<(), NotStorable> {
        let answer = {
            let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let still_counts = newest.as_ref().filter(|(since, answer)| match answer.peek() {
                None => true,
                Some(Ok(())) => state.clock.elapsed() < since.saturating_add(limits::READY_FOR_S),
                Some(Err(NotStorable)) => false,
            });
            match still_counts {
                Some((_, answer)) => answer.clone(),
                None => newest.insert((state.clock.elapsed(), answer(state.clone()))).1.clone(),
            }
        };
        answer.await
    }
}

/// In a task of its own: whoever asked may leave, and a panic is an answer, too.
fn answer(state: AppState) -> Answer {
    let asked = tokio::spawn(callbacks_can_be_stored(state));
    async { asked.await.unwrap_or(Err(NotStorable)) }.boxed().shared()
}

/// Asks the store, on the way that callbacks take. Nothing is written for good.
async fn callbacks_can_be_stored(state: AppState) -> Result<(), NotStorable> {
    state.store.prove_writable(state.now()).await.map_err(|error| {
        tracing::error!(%error, "not ready");
        NotStorable
    })
}

//! Worker: removes carts that nobody changed and orders whose payment never began, some at a time.

use std::time::Duration;

use crate::server::{running::limits, state::AppState, store::StoreError};

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Seconds from one clean-up to the next.
const AGAIN_S: i64 = 10 * 60;

/// Goes on until the shop stops.
pub async fn run(state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut due = state.clock.elapsed();
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        if state.clock.elapsed() < due {
            continue;
        }
        due = state.clock.elapsed().saturating_add(AGAIN_S);
        if let Err(error) = expire(&state).await {
            tracing::error!(%error, "old carts and unpaid orders could not be removed");
        }
    }
}

async fn expire(state: &AppState) -> Result<(), StoreError> {
    let before = state.now().saturating_sub(limits::UNUSED_KEPT_S);
    while state.store.expire(before).await? {
        // Requests that came meanwhile are served first.
        tokio::task::yield_now().await;
    }
    Ok(())
}

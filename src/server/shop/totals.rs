//! Worker: keeps the registry's totals short, however many orders come.

use std::time::Duration;

use crate::server::{state::AppState, store::StoreError};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Goes on until the shop stops.
pub async fn run(state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        if let Err(error) = fold(&state).await {
            tracing::error!(%error, "the totals of orders could not be made shorter");
        }
    }
}

async fn fold(state: &AppState) -> Result<(), StoreError> {
    while state.store.fold_order_totals().await? {
        // Requests that came meanwhile are served first.
        tokio::task::yield_now().await;
    }
    Ok(())
}

//! Work in the background, which begins anew when it panics.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use tokio::time::sleep;

use crate::running::limits::PAUSE_AFTER_FAILURE;

/// Does the work, and begins it anew whenever it panics.
pub async fn kept_up<F: Future<Output = ()>>(name: &'static str, begin: impl Fn() -> F) {
    kept_up_after(PAUSE_AFTER_FAILURE, name, begin).await;
}

async fn kept_up_after<F: Future<Output = ()>>(pause: Duration, name: &'static str, begin: impl Fn() -> F) {
    while AssertUnwindSafe(begin()).catch_unwind().await.is_err() {
        tracing::error!(name, "work in the background panicked, and begins anew");
        sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_that_panics_begins_anew_until_it_is_done() {
        let begun = AtomicU32::new(0);
        kept_up_after(Duration::ZERO, "a test", || async {
            assert!(begun.fetch_add(1, Ordering::SeqCst) >= 2, "as a fault would");
        })
        .await;
        assert_eq!(begun.load(Ordering::SeqCst), 3);
    }
}

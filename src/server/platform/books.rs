//! At the start the books are compared with orders, refunds and payouts. A difference is logged for a person; the shop goes on.

use crate::server::store::Store;

/// Differences that are logged one by one; `storefront books` prints them all.
const LOGGED: usize = 20;

pub async fn check(store: Store) {
    match store.books().await {
        Ok(books) if books.agree() => tracing::info!("the books agree"),
        Ok(books) => {
            let count = books.differences.len();
            tracing::error!(count, "the books do not agree: `storefront books` prints each difference");
            for difference in books.differences.iter().take(LOGGED) {
                tracing::error!(%difference, "a difference in the books");
            }
        }
        Err(error) => tracing::error!(%error, "the books could not be compared"),
    }
}

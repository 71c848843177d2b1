//! `storefront books`: the totals of the books, and whether books and registry agree with orders, refunds and payouts.

use crate::{
    commands::say,
    domain::books::{Sum, Totals},
    server::store::{Store, StoreError},
};
use std::process::ExitCode;

/// Ends with 0 if the books agree, with 1 if there is a difference.
pub async fn run(store: &Store) -> Result<ExitCode, StoreError> {
    let books = store.books().await?;
    for (currency, Totals { taken, refunded, paid_out }) in &books.totals {
        let sum = |minor: &i128| Sum { minor: *minor, currency: currency.clone() };
        say!("{currency}  taken {}  refunded {}  paid out {}", sum(taken), sum(refunded), sum(paid_out));
    }
    for payment_id in &books.unproved {
        say!("payment {payment_id} is called refunded; the refunds that are known do not account for it yet");
    }
    let registry = store.registry_differences().await?;
    if books.agree() && registry.is_empty() {
        say!("the books agree");
        return Ok(ExitCode::SUCCESS);
    }
    books.differences.iter().for_each(|difference| say!("{difference}"));
    registry.iter().for_each(|difference| say!("{difference}"));
    Ok(ExitCode::FAILURE)
}

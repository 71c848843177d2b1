//! `storefront cases`: what waits for a person, and what that person decides.

use std::process::ExitCode;

use super::refuse;
use crate::{
    domain::product::Catalog,
    protocol::{callback::VerifiedCallback, signature::Key},
    server::{
        callbacks::report,
        chance,
        store::{Case, Store, StoreError},
    },
};

/// Prints the open cases, oldest first.
pub async fn list(store: &Store) -> Result<ExitCode, StoreError> {
    let cases = store.open_cases().await?;
    if cases.is_empty() {
        println!("no open cases");
    }
    for case in cases {
        let opened = jiff::Timestamp::from_second(case.opened_at).map(|moment| moment.to_string()).unwrap_or_default();
        println!("{}\t{}\tpayment {}\t{opened}", case.id, case.kind, case.payment_id);
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets the callback of a case do what it was kept from doing, and closes the case.
pub async fn accept(store: &Store, keys: &[Key], catalog: &Catalog, id: i64, now: i64) -> Result<ExitCode, StoreError> {
    let Some(case) = find(store, id).await? else { return Ok(refuse(format!("there is no open case {id}"))) };
    let report = match VerifiedCallback::verify(&case.body, keys) {
        Ok(callback) => report(&callback),
        // The key was changed since; nothing is believed that cannot be checked now.
        Err(reason) => return Ok(refuse(format!("its callback does not verify any more: {reason}"))),
    };
    match store.accept_case(&case, report, catalog, &chance::token(), now).await {
        Ok(()) => {
            println!("case {id} accepted");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(refuse(error)),
    }
}

/// Closes a case without moving anything.
pub async fn dismiss(store: &Store, id: i64, reason: &str, now: i64) -> Result<ExitCode, StoreError> {
    let Some(case) = find(store, id).await? else { return Ok(refuse(format!("there is no open case {id}"))) };
    store.dismiss_case(&case, reason, now).await?;
    println!("case {id} dismissed");
    Ok(ExitCode::SUCCESS)
}

async fn find(store: &Store, id: i64) -> Result<Option<Case>, StoreError> {
    Ok(store.open_cases().await?.into_iter().find(|case| case.id == id))
}

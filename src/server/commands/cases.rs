//! `storefront cases`: what waits for a person, and what that person decides.

use std::process::ExitCode;

use super::refuse;
use crate::{
    domain::{order::Order, product::Catalog},
    protocol::{
        callback::{Sum, VerifiedCallback},
        signature::Key,
    },
    server::{
        callbacks::report,
        chance,
        store::{Case, Store, StoreError},
    },
};

/// Prints the open cases, oldest first: what the platform told, and what was stored.
pub async fn list(store: &Store, keys: &[Key]) -> Result<ExitCode, StoreError> {
    let cases = store.open_cases().await?;
    if cases.is_empty() {
        println!("no open cases");
    }
    for case in cases {
        let opened = jiff::Timestamp::from_second(case.opened_at).map(|moment| moment.to_string()).unwrap_or_default();
        println!("{}  {}  payment {}  {opened}", case.id, case.kind, case.payment_id);
        match VerifiedCallback::all(&case.body, keys) {
            Ok(all) => all.iter().for_each(|callback| println!("    told: {}", told(callback))),
            Err(reason) => println!("    its callback does not verify any more: {reason}"),
        }
        match store.order_of_payment(&case.payment_id).await {
            Ok(Some(order)) => println!("    stored: order {}, {}, {}", order.number, order.total, paid(&order)),
            Ok(None) => match store.payout(&case.payment_id).await? {
                Some(payout) => println!("    stored: payout, {}, {}", payout.amount, payout.progress.name()),
                None => println!("    stored: no such payment"),
            },
            Err(error) => println!("    stored: {error}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(callback: &VerifiedCallback) -> String {
    let sum = |sum: Option<Sum>| sum.map_or("no sum".to_owned(), |sum| format!("{} minor units of {}", sum.amount, sum.currency));
    let project = callback.project_id().map_or("no project".to_owned(), |id| format!("project {id}"));
    let [kind, status, code] =
        [callback.operation_type(), callback.operation_status(), callback.operation_code()].map(|part| part.unwrap_or("-"));
    let doubt = callback.ambiguity().map(|doubt| format!("; {doubt}")).unwrap_or_default();
    format!(
        "payment {}, {}; operation {kind} {status} {code}, {}; {project}{doubt}",
        callback.payment_status(),
        sum(callback.payment_sum()),
        sum(callback.operation_sum()),
    )
}

fn paid(order: &Order) -> String {
    order.paid_by.as_ref().map_or("not paid".to_owned(), |payment_id| format!("paid by {payment_id}"))
}

/// Lets the callback of a case do what it was kept from doing, and closes the case.
pub async fn accept(store: &Store, keys: &[Key], catalog: &Catalog, id: i64, now: i64) -> Result<ExitCode, StoreError> {
    let Some(case) = find(store, id).await? else { return Ok(refuse(format!("there is no open case {id}"))) };
    let reports = match VerifiedCallback::all(&case.body, keys) {
        Ok(told) => told.iter().map(|told| report(told, now)).collect(),
        // The key was changed since; nothing is believed that cannot be checked now.
        Err(reason) => return Ok(refuse(format!("its callback does not verify any more: {reason}"))),
    };
    match store.accept_case(&case, reports, catalog, &chance::token(), now).await {
        Ok(opened) => {
            println!("case {id} accepted");
            opened.iter().for_each(|kind| println!("now waits for a person: {kind}"));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(refuse(error)),
    }
}

/// Closes a case without moving anything.
pub async fn dismiss(store: &Store, id: i64, reason: &str, now: i64) -> Result<ExitCode, StoreError> {
    let Some(case) = find(store, id).await? else { return Ok(refuse(format!("there is no open case {id}"))) };
    match store.dismiss_case(&case, reason, now).await {
        Ok(()) => {
            println!("case {id} dismissed");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(refuse(error)),
    }
}

async fn find(store: &Store, id: i64) -> Result<Option<Case>, StoreError> {
    Ok(store.open_cases().await?.into_iter().find(|case| case.id == id))
}

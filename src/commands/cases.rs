//! `storefront cases`: lists the cases, accepts one, or dismisses some.

use crate::{
    commands::{refuse, say},
    domain::{shop::product::Catalog, text},
    protocol::signed::signature::Key,
    server::{
        platform::cases::{self, CaseFile, DecideError},
        store::{CaseError, Store, StoreError},
    },
};
use std::{process::ExitCode, sync::Arc};

/// Who acts, in the journal of acts.
const BY: &str = "command line";

/// Prints the open cases, oldest first: what the platform told, and what was stored.
pub async fn list(store: &Store, keys: &[Key]) -> Result<ExitCode, StoreError> {
    let open = store.open_cases(u32::MAX).await?;
    if open.is_empty() {
        say!("no open cases");
    }
    for case in open {
        let CaseFile { case, told, stored, .. } = cases::file(store, keys, case).await?;
        let opened = jiff::Timestamp::from_second(case.opened_at).map(|moment| moment.to_string()).unwrap_or_default();
        say!("{}  {}  payment {}  {opened}", case.id, case.kind, case.payment_id);
        match told {
            Ok(told) => told.iter().for_each(|line| say!("    told: {line}")),
            Err(reason) => say!("    its callback does not verify any more: {reason}"),
        }
        say!("    stored: {stored}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Applies the callback of a case and closes the case.
pub async fn accept(store: &Store, keys: &[Key], catalog: &Arc<Catalog>, id: i64, now: i64) -> Result<ExitCode, StoreError> {
    match cases::accept(store, keys, catalog, BY, id, now).await {
        Ok(opened) => {
            say!("case {id} accepted");
            opened.iter().for_each(|kind| say!("now waits for a person: {kind}"));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(id, error),
    }
}

/// Characters of a reason, as in the back office.
const LONGEST_REASON: usize = 500;

/// Closes cases without moving anything, all for one reason. A case that cannot be closed does not hold up the others.
pub async fn dismiss(store: &Store, ids: &[i64], reason: &str, now: i64) -> Result<ExitCode, StoreError> {
    let reason = match text::line(reason, LONGEST_REASON) {
        Ok(reason) => reason,
        Err(why) => return Ok(refuse(format!("a reason has 1 to {LONGEST_REASON} characters; this one {why}"))),
    };
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        match cases::dismiss(store, BY, *id, &reason, now).await {
            Ok(()) => say!("case {id} dismissed"),
            Err(error) => code = refused(*id, error)?,
        }
    }
    Ok(code)
}

fn refused(id: i64, error: DecideError) -> Result<ExitCode, StoreError> {
    match error {
        DecideError::Case(CaseError::Store(error)) => Err(error),
        DecideError::Case(CaseError::NotOpen) => Ok(refuse(format!("there is no open case {id}"))),
        error => Ok(refuse(error)),
    }
}

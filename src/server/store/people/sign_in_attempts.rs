//! Attempts to prove who somebody is: counted before they are looked at, so that many at once are counted, too.

use crate::{
    domain::people::pauses::{
        FREE_FROM_ADDRESS, FREE_OF_ACCOUNT, FREE_OF_ACCOUNT_FROM_ADDRESS, Failures, REMEMBERED_S, TriedSecret,
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, Value, params},
        people::{
            acts,
            admissions::Actor,
            operators::{self, OperatorError},
        },
    },
};

/// Somebody tries to prove who they are.
#[derive(Debug, Clone)]
pub struct SignInAttempt {
    /// The name that was typed; or what [`TriedSecret`] is counted as.
    pub account: String,
    /// Where from, while anybody may try. `None`: whoever tries is known already.
    pub address: Option<String>,
    /// Unix seconds.
    pub now: i64,
}

/// The next attempt is looked at after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooSoon {
    pub wait_s: i64,
}

/// Counts failed attempts, and says when the last one was.
macro_rules! failed {
    ($condition:literal) => {
        concat!("SELECT count(*), coalesce(max(at), 0) FROM failed_attempts WHERE ", $condition)
    };
}

impl Store {
    /// Counts an attempt as failed until [`Self::attempt_succeeded`]. Inner error: it is not looked at, and not counted.
    pub async fn begin_attempt(&self, attempt: &SignInAttempt) -> Result<Result<(), TooSoon>, StoreError> {
        let attempt = SignInAttempt { account: attempt.account.to_lowercase(), ..attempt.clone() };
        let mut about = vec![About::Account(attempt.account.clone())];
        about.extend(attempt.address.clone().map(About::Address));
        self.decide(about, move |tx| begin_attempt(tx, &attempt)).await
    }

    /// This account was proved: its failures count no more. What failed with other names from the same address still does.
    pub async fn attempt_succeeded(&self, attempt: &SignInAttempt) -> Result<(), StoreError> {
        let account = attempt.account.to_lowercase();
        self.decide(About::Itself, move |tx| tx.run("DELETE FROM failed_attempts WHERE account = ?1", params![&account])).await
    }

    /// Ends the pauses of the operator of this address, and those of every network address: nobody knows which one the operator
    /// comes from.
    pub async fn unlock_operator(&self, by: Actor, email: &str, now: i64) -> Result<(), OperatorError> {
        let email = email.to_owned();
        self.decide(About::Itself, move |tx| {
            let operator = operators::by_email(tx, &email)?.ok_or(OperatorError::Unknown)?.operator;
            let [code, confirmation] =
                [TriedSecret::Code(operator.id), TriedSecret::Confirmation(operator.id)].map(|tried| tried.counted_as());
            tx.execute(
                "DELETE FROM failed_attempts WHERE address IS NOT NULL OR account IN (?1, ?2)",
                params![&code, &confirmation],
            )?;
            acts::note(tx, by.name(), "unlock operator", &operators::subject(&operator), "", now)?;
            Ok(())
        })
        .await
    }
}

fn begin_attempt(tx: &mut Tx<'_>, attempt: &SignInAttempt) -> Result<Result<(), TooSoon>, StoreError> {
    let SignInAttempt { account, address, now } = attempt;
    tx.execute("DELETE FROM failed_attempts WHERE at <= ?1", params![now.saturating_sub(REMEMBERED_S)])?;
    let of_both = params![account, address.as_deref().unwrap_or_default()];
    let mut wait_s =
        failures(tx, failed!("account = ?1 AND coalesce(address, '') = ?2"), of_both)?.wait_s(FREE_OF_ACCOUNT_FROM_ADDRESS, *now);
    if let Some(address) = address {
        wait_s = wait_s.max(failures(tx, failed!("account = ?1"), params![account])?.wait_s(FREE_OF_ACCOUNT, *now));
        wait_s = wait_s.max(failures(tx, failed!("address = ?1"), params![address])?.wait_s(FREE_FROM_ADDRESS, *now));
    }
    if wait_s > 0 {
        return Ok(Err(TooSoon { wait_s }));
    }
    tx.execute(
        "INSERT INTO failed_attempts (account, address, at) VALUES (?1, ?2, ?3)",
        params![account, address.as_deref(), *now],
    )?;
    Ok(Ok(()))
}

fn failures(tx: &mut Tx<'_>, query: &str, values: &[Value<'_>]) -> Result<Failures, StoreError> {
    let (count, last_at) = tx.one(query, values)?;
    Ok(Failures { count, last_at })
}

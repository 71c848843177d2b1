//! Proves again who it is: at sign-in, and before money leaves. Too many failures close the door for a while, for the account and
//! for the address they come from, whether or not anybody has that name.

use serde::Deserialize;

use super::{guard::Address, second_factor};
use crate::{
    domain::operator::Operator,
    error::AppError,
    server::{
        passwords,
        state::AppState,
        store::{Attempt, Credentials, MostAttempts},
    },
};

/// Failures within [`WINDOW_S`] seconds after which nothing is checked any more, of one account and from one address.
const MOST: MostAttempts = MostAttempts { of_account: 10, from_address: 30 };
const WINDOW_S: i64 = 60 * 60;

/// What a form gives to prove it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Proof {
    pub code: String,
    pub password: String,
}

/// Why it was not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    #[error("This is needed")]
    Missing,
    #[error("This code is not right, or was used already")]
    WrongCode,
    #[error("This password is not right")]
    WrongPassword,
    #[error("Too many tries; wait an hour, or ask an owner")]
    TooMany,
}

/// Before money leaves: a code of the second factor, or the password of an operator without one.
pub async fn confirm(
    state: &AppState,
    operator: &Operator,
    address: &Address,
    proof: &Proof,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let Some(credentials) = state.store.credentials_of(operator.id).await? else { return Err(AppError::OtherRole) };
    match credentials.totp_secret.is_some() {
        true => check_code(state, &credentials, address, &proof.code).await,
        false => {
            let checked = check_password(state, Some(&credentials), &operator.email, address, &proof.password).await?;
            Ok(checked.map_err(|failed| if failed == NotConfirmed::TooMany { failed } else { failed_password(&proof.password) }))
        }
    }
}

fn failed_password(typed: &str) -> NotConfirmed {
    if typed.is_empty() { NotConfirmed::Missing } else { NotConfirmed::WrongPassword }
}

/// The password of whoever has this name; nobody's takes as long.
pub async fn check_password(
    state: &AppState,
    credentials: Option<&Credentials>,
    account: &str,
    address: &Address,
    password: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if !may_try(state, account, address).await? {
        return Ok(Err(NotConfirmed::TooMany));
    }
    let hash = credentials.map(|credentials| credentials.password_hash.clone());
    let fits = passwords::fits(password.to_owned(), hash).await.map_err(|error| {
        tracing::error!(%error, "a password could not be checked");
        AppError::Internal
    })?;
    told(state, account, address, fits, NotConfirmed::WrongPassword).await
}

/// A code of the second factor, or a recovery code.
pub async fn check_code(
    state: &AppState,
    credentials: &Credentials,
    address: &Address,
    code: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let account = &credentials.operator.email;
    if code.trim().is_empty() {
        return Ok(Err(NotConfirmed::Missing));
    }
    if !may_try(state, account, address).await? {
        return Ok(Err(NotConfirmed::TooMany));
    }
    let fits = second_factor::accept(state, credentials, code).await?;
    told(state, account, address, fits, NotConfirmed::WrongCode).await
}

async fn may_try(state: &AppState, account: &str, Address(address): &Address) -> Result<bool, AppError> {
    let now = state.now();
    let attempt = Attempt { account, address, now, since: now.saturating_sub(WINDOW_S) };
    Ok(state.store.begin_attempt(&attempt, MOST).await?)
}

async fn told(
    state: &AppState,
    account: &str,
    Address(address): &Address,
    fits: bool,
    failure: NotConfirmed,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if fits {
        state.store.attempts_forgiven(account).await?;
        return Ok(Ok(()));
    }
    tracing::warn!(address, failure = ?failure, "a sign-in or confirmation failed");
    Ok(Err(failure))
}

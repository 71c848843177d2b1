//! Proves who it is: at sign-in, and again before money leaves. Too many failures close the door for a while, whether or not
//! anybody has that name.

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

/// Failures within [`WINDOW_S`] seconds after which nothing is checked any more. A stranger who tries names closes the door to
/// himself, and to others only with many addresses; whoever is in already is counted apart, and so is whoever tries codes.
const MOST: MostAttempts = MostAttempts { of_account_from_address: 10, of_account: 60, from_address: 30 };
const WINDOW_S: i64 = 60 * 60;

/// What is tried, and by whom: failures are counted for each.
enum Tried<'a> {
    /// A password at sign-in: the name that was typed, and where from.
    Password(&'a str, &'a Address),
    /// A code at sign-in, after the password: by the operator's id.
    Code(i64),
    /// Code or password before money leaves.
    Confirmation(i64),
}

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
    #[error("Too many tries; wait an hour")]
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
    let given = if credentials.totp_secret.is_some() { &proof.code } else { &proof.password };
    if given.trim().is_empty() {
        return Ok(Err(NotConfirmed::Missing));
    }
    let Some(attempt) = begin(state, &Tried::Confirmation(operator.id)).await? else { return Ok(Err(NotConfirmed::TooMany)) };
    match credentials.totp_secret.is_some() {
        true => {
            let fits = second_factor::accept(state, &credentials, given).await?;
            end(state, attempt, address, fits, NotConfirmed::WrongCode).await
        }
        false => {
            let fits = password_fits(Some(&credentials), given).await?;
            end(state, attempt, address, fits, NotConfirmed::WrongPassword).await
        }
    }
}

/// At sign-in: the password of whoever has this name; nobody's takes as long.
pub async fn check_password(
    state: &AppState,
    credentials: Option<&Credentials>,
    account: &str,
    address: &Address,
    password: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let Some(attempt) = begin(state, &Tried::Password(account, address)).await? else { return Ok(Err(NotConfirmed::TooMany)) };
    let fits = password_fits(credentials, password).await?;
    end(state, attempt, address, fits, NotConfirmed::WrongPassword).await
}

/// At sign-in, after the password: a code of the second factor, or a recovery code.
pub async fn check_code(
    state: &AppState,
    credentials: &Credentials,
    address: &Address,
    code: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if code.trim().is_empty() {
        return Ok(Err(NotConfirmed::Missing));
    }
    let Some(attempt) = begin(state, &Tried::Code(credentials.operator.id)).await? else { return Ok(Err(NotConfirmed::TooMany)) };
    let fits = second_factor::accept(state, credentials, code).await?;
    end(state, attempt, address, fits, NotConfirmed::WrongCode).await
}

async fn password_fits(credentials: Option<&Credentials>, password: &str) -> Result<bool, AppError> {
    let hash = credentials.map(|credentials| credentials.password_hash.clone());
    passwords::fits(password.to_owned(), hash).await.map_err(|error| {
        tracing::error!(%error, "a password could not be checked");
        AppError::Internal
    })
}

/// Counts a try before it is looked at. `None`: there were too many.
async fn begin(state: &AppState, tried: &Tried<'_>) -> Result<Option<i64>, AppError> {
    let (account, address) = match tried {
        Tried::Password(account, Address(address)) => ((*account).to_owned(), address.clone()),
        Tried::Code(id) => (format!("code of {id}"), format!("code of {id}")),
        Tried::Confirmation(id) => (format!("confirmation of {id}"), format!("confirmation of {id}")),
    };
    let now = state.now();
    let attempt = Attempt { account: &account, address: &address, now, since: now.saturating_sub(WINDOW_S) };
    Ok(state.store.begin_attempt(&attempt, MOST).await?)
}

/// A try that fits does not count; those that failed before it still do, or a right password would buy ten more codes.
async fn end(
    state: &AppState,
    attempt: i64,
    Address(address): &Address,
    fits: bool,
    failure: NotConfirmed,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if fits {
        state.store.attempt_succeeded(attempt).await?;
        return Ok(Ok(()));
    }
    tracing::warn!(address, failure = ?failure, "a sign-in or confirmation failed");
    Ok(Err(failure))
}

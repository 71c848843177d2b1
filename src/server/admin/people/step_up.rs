//! Proves who it is: at sign-in, and again before money leaves. After some failures each further try waits a while, longer and
//! longer, whether or not anybody has that name; nobody is locked out.

use serde::Deserialize;

use crate::{
    domain::people::{
        operator::Operator,
        pauses::{self, TriedSecret},
    },
    error::AppError,
    server::{
        admin::people::{guard::Address, passwords, second_factor},
        state::AppState,
        store::{Credentials, SignInAttempt, TooSoon},
    },
};

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
    #[error("This code is not right, or was used already. If new ones are never right, look at the clock of the phone")]
    WrongCode,
    #[error("This password is not right")]
    WrongPassword,
    /// It was not looked at.
    #[error("Too many tries failed. Try again in {}", pauses::in_words(*wait_s))]
    TooSoon { wait_s: i64 },
}

/// Where somebody tries to sign in: failures of a device that the operator signed in with before are counted apart, so strangers'
/// failures do not make it wait.
pub struct SignInPlace<'a> {
    pub address: &'a Address,
    /// What a known device's failures are counted for.
    pub device: Option<String>,
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
    let attempt = match begin(state, TriedSecret::Confirmation(operator.id).counted_as(), None).await? {
        Ok(attempt) => attempt,
        Err(too_soon) => return Ok(Err(too_soon)),
    };
    match credentials.totp_secret.is_some() {
        true => {
            let fits = second_factor::accept(state, &credentials, given).await?;
            end(state, &attempt, address, fits, NotConfirmed::WrongCode).await
        }
        false => {
            let fits = password_fits(Some(&credentials), given).await?;
            end(state, &attempt, address, fits, NotConfirmed::WrongPassword).await
        }
    }
}

/// At sign-in: the password of whoever has this name; nobody's takes as long.
pub async fn check_password(
    state: &AppState,
    credentials: Option<&Credentials>,
    account: &str,
    SignInPlace { address, device }: SignInPlace<'_>,
    password: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let begun = match device {
        Some(device) => begin(state, TriedSecret::PasswordOn(device).counted_as(), None).await?,
        None => begin(state, account.to_owned(), Some(address.0.clone())).await?,
    };
    let attempt = match begun {
        Ok(attempt) => attempt,
        Err(too_soon) => return Ok(Err(too_soon)),
    };
    let fits = password_fits(credentials, password).await?;
    end(state, &attempt, address, fits, NotConfirmed::WrongPassword).await
}

/// At sign-in, after the password: a code of the second factor, or a recovery code.
pub async fn check_code(
    state: &AppState,
    credentials: &Credentials,
    SignInPlace { address, device }: SignInPlace<'_>,
    code: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if code.trim().is_empty() {
        return Ok(Err(NotConfirmed::Missing));
    }
    let tried = device.map_or(TriedSecret::Code(credentials.operator.id), TriedSecret::CodeOn);
    let attempt = match begin(state, tried.counted_as(), None).await? {
        Ok(attempt) => attempt,
        Err(too_soon) => return Ok(Err(too_soon)),
    };
    let fits = second_factor::accept(state, credentials, code).await?;
    end(state, &attempt, address, fits, NotConfirmed::WrongCode).await
}

async fn password_fits(credentials: Option<&Credentials>, password: &str) -> Result<bool, AppError> {
    let hash = credentials.and_then(|credentials| credentials.password_hash.clone());
    passwords::fits(password.to_owned(), hash).await.map_err(|error| {
        tracing::error!(%error, "a password could not be checked");
        AppError::Internal
    })
}

/// Counts a try before it is looked at. Inner error: it comes too soon.
async fn begin(
    state: &AppState,
    account: String,
    address: Option<String>,
) -> Result<Result<SignInAttempt, NotConfirmed>, AppError> {
    let attempt = SignInAttempt { account, address, now: state.now() };
    let begun = state.store.begin_attempt(&attempt).await?;
    Ok(begun.map(|()| attempt).map_err(|TooSoon { wait_s }| NotConfirmed::TooSoon { wait_s }))
}

/// A try that fits ends the account's pauses: whoever guesses never comes so far. A right password ends none of the codes', or it
/// would buy ten more of them.
async fn end(
    state: &AppState,
    attempt: &SignInAttempt,
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

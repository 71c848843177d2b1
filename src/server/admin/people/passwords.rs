//! Passwords of operators: how they are kept, and how one is checked.
//!
//! Argon2id with OWASP's minimum costs (19 MiB, two passes). Hashing is slow on purpose, so only two run at one time: a flood of
//! sign-ins does not fill the memory. An unknown name costs as much time as a known one.

use std::sync::{Arc, LazyLock, OnceLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{config::password::normalised, server::running::chance};

/// Hashes at one time: 19 MiB each.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// The password could not be hashed or checked: a fault of this computer.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashError(String);

/// What is kept of a password: a PHC string.
pub async fn hash(password: String) -> Result<String, HashError> {
    in_turn(move || {
        let password = normalised(&password);
        let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| HashError(error.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether this is the password of that hash. `None`: nobody has this name; it takes as long, and never fits.
pub async fn fits(password: String, hash: Option<String>) -> Result<bool, HashError> {
    in_turn(move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => of_unknown()?,
        };
        let parsed = PasswordHash::new(&hash).map_err(|error| HashError(error.to_string()))?;
        Ok(Argon2::default().verify_password(normalised(&password).as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T, HashError> + Send + 'static) -> Result<T, HashError> {
    let broken = |error: &dyn std::error::Error| HashError(error.to_string());
    let turn = TURNS.clone().acquire_owned().await.map_err(|error| broken(&error))?;
    // The turn is held until the work is done, even if the request is cancelled.
    let in_turn = move || {
        let done = work();
        drop(turn);
        done
    };
    tokio::task::spawn_blocking(in_turn).await.map_err(|error| broken(&error))?
}

/// The hash of a random password, made once.
fn of_unknown() -> Result<String, HashError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash = Argon2::default().hash_password(chance::token().as_bytes()).map_err(|error| HashError(error.to_string()))?;
    Ok(HASH.get_or_init(|| hash.to_string()).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed_fits() {
        let hash = hash("correct horse battery staple".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits("correct horse battery staple".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!fits("correct horse battery stable".to_owned(), Some(hash)).await.unwrap());
        assert!(!fits(String::new(), None).await.unwrap(), "an unknown name has no password");
    }
}

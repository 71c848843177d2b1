//! Owners that the settings name: made at start-up, or given their password again. None is there by default.

use secrecy::ExposeSecret;

use crate::{
    config::settings::Config,
    domain::people::operator::Role,
    server::{
        admin::people::passwords::{self, HashError},
        running::{chance, clock::SharedClock},
        store::{Actor, OperatorError, Store, StoreError},
    },
};

/// The owner of a shop that is tried out with the sandbox. The password changes at each start.
pub struct DemoOperator {
    pub email: &'static str,
    pub password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum OwnerError {
    #[error(transparent)]
    Operator(#[from] OperatorError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Who acts, in the journal of acts.
const BY: Actor = Actor::Computer("settings");
const DEMO_EMAIL: &str = "demo@storefront.example";

pub async fn ensure(store: &Store, config: &Config, clock: &SharedClock) -> Result<Option<DemoOperator>, OwnerError> {
    if let Some((email, password)) = &config.owner {
        let known = store.credentials(email.as_str()).await?;
        let hash = known.as_ref().and_then(|credentials| credentials.password_hash.clone());
        match (known, passwords::fits(password.expose_secret().to_owned(), hash).await?) {
            // One that has this password already stays signed in.
            (Some(credentials), true) => store.change_role(BY, credentials.operator.id, Role::Owner, clock.now()).await?,
            _ => {
                let hash = passwords::hash(password.expose_secret().to_owned()).await?;
                store.ensure_owner(BY, email.as_str(), &hash, clock.now()).await?;
            }
        }
    }
    if !config.demo_operator {
        // The password was printed: it must not open a shop that takes real money.
        store.dismiss_operator(BY, DEMO_EMAIL, clock.now()).await?;
        return Ok(None);
    }
    let password = chance::password();
    let hash = passwords::hash(password.clone()).await?;
    store.ensure_owner(BY, DEMO_EMAIL, &hash, clock.now()).await?;
    Ok(Some(DemoOperator { email: DEMO_EMAIL, password }))
}

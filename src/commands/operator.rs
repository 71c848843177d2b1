//! `storefront operator add`: adds an operator, such as the first one. `storefront operator unlock`: ends the pauses of a sign-in.

use crate::{
    commands::{failed, refuse, say},
    config::password::check_password,
    domain::{people::operator::Role, shop::customer::Email},
    server::{
        admin::people::passwords,
        store::{Actor, OperatorError, Store},
    },
};
use std::{io::Read, process::ExitCode};

/// Who acts, in the journal of acts.
const BY: Actor = Actor::Computer("command line");

/// Adds an operator; the password is read from stdin, without a line's end.
pub async fn add(store: &Store, email: &str, role: Role, now: i64) -> ExitCode {
    let Ok(email) = Email::parse(email) else { return refuse(format!("{email:?} is not an e-mail address")) };
    let mut typed = String::new();
    if let Err(error) = std::io::stdin().take(4096).read_to_string(&mut typed) {
        return refuse(format!("the password cannot be read: {error}"));
    }
    let password = typed.trim_end_matches(['\r', '\n']).to_owned();
    if let Err(weak) = check_password(&password, email.as_str()) {
        return refuse(weak);
    }
    let hash = match passwords::hash(password).await {
        Ok(hash) => hash,
        Err(error) => return refuse(error),
    };
    match store.add_operator(BY, email.as_str(), role, &hash, now).await {
        Ok(operator) => {
            say!("{} may sign in as {}", operator.email, operator.role.name());
            ExitCode::SUCCESS
        }
        Err(OperatorError::Store(error)) => failed(&error),
        Err(error) => refuse(error),
    }
}

/// Ends the pauses of an operator's sign-in.
pub async fn unlock(store: &Store, email: &str, now: i64) -> ExitCode {
    match store.unlock_operator(BY, email.trim(), now).await {
        Ok(()) => {
            say!("{} may try to sign in at once", email.trim());
            ExitCode::SUCCESS
        }
        Err(OperatorError::Store(error)) => failed(&error),
        Err(OperatorError::Unknown) => refuse(format!("there is no operator {email:?}")),
        Err(error) => refuse(error),
    }
}

/// A role as it is typed.
pub fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| format!("not one of {}", Role::ALL.map(Role::name).join(", ")))
}

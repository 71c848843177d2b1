//! Forms that move money. Each has a random name: sent twice, it moves money once.

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    domain::money::{Currency, Money, MoneyError, digits_after_point},
    error::AppError,
    server::running::chance,
};

/// One form at a time, from the confirmation to the stored transfer: after a double click the second request finds the transfer
/// of the first, instead of failing because its code was used already.
static TURN: Mutex<()> = Mutex::const_new(());

pub async fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// The name that a form sent back.
pub fn name(typed: &str) -> Result<&str, AppError> {
    if chance::is_token(typed) { Ok(typed) } else { Err(AppError::BadRequest) }
}

/// An amount as it was typed. Error: how to write it.
pub fn amount(typed: &str, currency: Currency) -> Result<Money, String> {
    Money::parse_typed(typed, currency).map_err(|error| match error {
        MoneyError::TooLarge => "The amount is too large".to_owned(),
        _ if digits_after_point(currency) == 0 => format!("Write {} in digits alone, such as 18000", currency.code()),
        _ => format!("Write {} such as 12.50 or 12: digits and one point or comma, nothing else", currency.code()),
    })
}

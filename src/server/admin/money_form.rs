//! Forms that move money: each has a name of its own from chance, and one name is one movement, however often it is sent.

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    domain::money::{Currency, Money, MoneyError, digits_after_point},
    error::AppError,
    server::running::chance,
};

/// From the proof to what is written down, one form at a time: of a double click the second finds what the first wrote,
/// and is not told that its code was used already.
static TURN: Mutex<()> = Mutex::const_new(());

pub async fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// The name a form gave back.
pub fn name(typed: &str) -> Result<&str, AppError> {
    if chance::is_token(typed) { Ok(typed) } else { Err(AppError::BadRequest) }
}

/// An amount as it was typed. Error: how it is to be written.
pub fn amount(typed: &str, currency: Currency) -> Result<Money, String> {
    Money::parse_typed(typed, currency).map_err(|error| match error {
        MoneyError::TooLarge => "The amount is too large".to_owned(),
        _ if digits_after_point(currency) == 0 => format!("Write {} in digits alone, such as 18000", currency.code()),
        _ => format!("Write {} such as 12.50 or 12: digits and one point or comma, nothing else", currency.code()),
    })
}

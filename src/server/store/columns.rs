//! How the shop's own types stand in columns: enums by their names, currencies, methods and markets by their codes, money as minor
//! units beside its currency.

use crate::domain::money::{Currency, Money};

pub fn money(minor: i64, currency: Currency) -> Option<Money> {
    Money::from_minor(minor.try_into().ok()?, currency).ok()
}

/// Minor units as SQLite keeps them. [`Money`] never exceeds what fits.
pub fn as_stored(money: Money) -> i64 {
    money.minor().try_into().unwrap_or(i64::MAX)
}

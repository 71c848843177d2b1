//! Which part of everything a report is about: moments, currency, method and market.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        money::Currency,
        report::{MarketMethod, PaidWith, Part},
        shop::market::Market,
    },
    platform::Method,
    server::store::database::StoreError,
};

/// A part of a span in which the merchant's clocks are not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub span: TimeSpan,
    /// Seconds that they are ahead of UTC.
    pub ahead_s: i64,
}

/// The row of a list that the next page goes on from: its moment and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub at: i64,
    pub name: String,
}

/// A part of everything, as it is bound: currency, method, market, and the currency of the market's payouts.
pub struct Bound {
    pub currency: Option<&'static str>,
    pub method: Option<&'static str>,
    pub market: Option<&'static str>,
    pub payouts_in: Option<&'static str>,
}

impl Bound {
    pub fn of(part: Part) -> Self {
        Self {
            currency: part.currency.map(|currency| currency.code()),
            method: part.method.map(PaidWith::code),
            market: part.market.map(Market::code),
            payouts_in: part.market.map(|market| market.currency().code()),
        }
    }
}

/// Where something belongs; `kind` is of money alone.
pub fn place(kind: Option<MoneyKind>, code: &str, method: Option<&str>, market: Option<&str>) -> Result<MarketMethod, StoreError> {
    let currency = currency(code)?;
    let known = |code: &str| Method::from_code(code).ok_or(StoreError::Inconsistent("method"));
    let method = method.map(known).transpose()?;
    match (kind, method) {
        (Some(MoneyKind::Payout), Some(method)) => Ok(MarketMethod::of_payout(currency, method)),
        (_, method) => {
            let known = |code: &str| Market::from_code(code).ok_or(StoreError::Inconsistent("market"));
            let method = method.map_or(PaidWith::NotTold, PaidWith::Method);
            Ok(MarketMethod { currency, method, market: market.map(known).transpose()? })
        }
    }
}

pub fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::from_code(code).ok_or(StoreError::Inconsistent("currency"))
}

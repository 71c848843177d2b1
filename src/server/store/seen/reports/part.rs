//! Which part of everything a report is about: moments, currency, method and market.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        report::{MarketMethod, PaidWith, Part},
        shop::market::Market,
    },
    platform::Method,
    server::store::{
        database::StoreError,
        engine::{FromRow, Row},
    },
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

impl FromRow for MarketMethod {
    /// Columns `currency`, `method` and `market`.
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let method: Option<Method> = row.named("method")?;
        let method = method.map_or(PaidWith::NotTold, PaidWith::Method);
        Ok(Self { currency: row.named("currency")?, method, market: row.named("market")? })
    }
}

/// Where money that moved belongs: of a payout there is no market.
pub fn place_of(row: &Row<'_>, kind: MoneyKind) -> Result<MarketMethod, StoreError> {
    match (kind, row.named("method")?) {
        (MoneyKind::Payout, Some(method)) => Ok(MarketMethod::of_payout(row.named("currency")?, method)),
        _ => MarketMethod::from_row(row),
    }
}

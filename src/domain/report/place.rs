//! What figures are grouped by: currency, method and market.

use std::cmp::Ordering;

use crate::{
    domain::{money::Currency, shop::market::Market},
    platform::Method,
};

/// The method by which money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaidWith {
    Method(Method),
    /// The customer chose on the Payment Page, and the platform has not told which method.
    NotTold,
}

/// The group of a figure. Figures of two currencies are never added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MarketMethod {
    pub currency: Currency,
    pub method: PaidWith,
    /// `None`: a payout in a currency of no market.
    pub market: Option<Market>,
}

impl PaidWith {
    /// The name in addresses and exports.
    pub fn code(self) -> &'static str {
        match self {
            PaidWith::Method(method) => method.rules().code,
            PaidWith::NotTold => "unknown",
        }
    }

    /// The name on pages.
    pub fn name(self) -> &'static str {
        match self {
            PaidWith::Method(method) => method.rules().name,
            PaidWith::NotTold => "not told yet",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "unknown" => Some(PaidWith::NotTold),
            code => Method::from_code(code).map(PaidWith::Method),
        }
    }
}

impl MarketMethod {
    /// The group of a payout: it belongs to no order, so it counts for the market of its currency.
    pub fn of_payout(currency: Currency, method: Method) -> Self {
        let market = Market::ALL.into_iter().find(|market| market.currency() == currency);
        Self { currency, method: PaidWith::Method(method), market }
    }

    pub fn market_code(self) -> &'static str {
        self.market.map_or("", Market::code)
    }

    fn key(self) -> [&'static str; 3] {
        [self.currency.code(), self.method.code(), self.market_code()]
    }
}

impl Ord for MarketMethod {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for MarketMethod {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

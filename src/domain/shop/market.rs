//! The three markets. A market decides the currency, and so the payment methods.

use crate::domain::money::Currency;
use crate::platform::Method;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Market {
    Korea,
    Philippines,
    Belgium,
}

impl Market {
    pub const ALL: [Market; 3] = [Market::Korea, Market::Philippines, Market::Belgium];

    /// ISO 3166 alpha-2, as in `?market=KR`.
    pub fn code(self) -> &'static str {
        match self {
            Market::Korea => "KR",
            Market::Philippines => "PH",
            Market::Belgium => "BE",
        }
    }

    /// The market with this code, as the address and the cookie name it.
    pub fn from_code(code: &str) -> Option<Market> {
        Market::ALL.into_iter().find(|market| market.code() == code)
    }

    pub fn currency(self) -> Currency {
        match self {
            Market::Korea => Currency::KRW,
            Market::Philippines => Currency::PHP,
            Market::Belgium => Currency::EUR,
        }
    }

    /// The payment methods that take this market's currency.
    pub fn methods(self) -> impl Iterator<Item = Method> {
        Method::for_currency(self.currency())
    }
}

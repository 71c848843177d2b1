//! What figures are grouped by: currency, method and market, and the outcome of an order.

use std::cmp::Ordering;

use crate::{
    domain::{money::Currency, shop::market::Market},
    platform::{Method, PaymentStatus, Standing},
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

named! {
    /// What became of an order, according to the attempt that decides its state.
    #[derive(PartialOrd, Ord)]
    pub enum OrderOutcome {
        /// The platform has said nothing yet.
        None = "none",
        Processing = "processing",
        Declined = "declined",
        Paid = "paid",
        PartiallyRefunded = "partially refunded",
        Refunded = "refunded",
    }
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

impl OrderOutcome {
    pub fn of(status: Option<&PaymentStatus>) -> Self {
        match status.map(PaymentStatus::standing) {
            None => OrderOutcome::None,
            Some(Standing::Open) => OrderOutcome::Processing,
            Some(Standing::Declined) => OrderOutcome::Declined,
            Some(Standing::Succeeded) => OrderOutcome::Paid,
            Some(Standing::PartiallyRefunded) => OrderOutcome::PartiallyRefunded,
            Some(Standing::Refunded) => OrderOutcome::Refunded,
        }
    }

    /// Whether the customer's money was taken; some or all may have been refunded since.
    pub fn was_paid(self) -> bool {
        self >= OrderOutcome::Paid
    }
}

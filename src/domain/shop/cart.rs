//! The cart: what a visitor wants to buy. Prices are read from the catalogue each time.

use super::{
    market::Market,
    product::{Catalog, Product},
};
use crate::domain::money::{Money, MoneyError};

/// How many of one product: 1 to 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u32);

impl Quantity {
    pub const MOST: u32 = 20;

    /// `None` for 0 and for more than [`Self::MOST`].
    pub fn new(count: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&count).then_some(Self(count))
    }

    /// Reads a form's value. `None`: not a number from 1 to [`Self::MOST`].
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::new)
    }

    pub fn get(self) -> u32 {
        self.0
    }

    /// The sum of both, at most [`Self::MOST`].
    pub fn and(self, more: Quantity) -> Self {
        Self((self.0 + more.0).min(Self::MOST))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLine {
    pub slug: String,
    pub quantity: Quantity,
}

/// A browser's cart.
#[derive(Debug, Clone)]
pub struct Cart {
    /// Changes with every change of the cart: one key makes one order, however often a form is sent.
    pub order_key: String,
    /// The customer's id at the platform: random, one for each browser.
    pub customer_id: String,
    pub lines: Vec<CartLine>,
}

/// A line with today's price.
#[derive(Debug, Clone)]
pub struct PricedLine<'a> {
    pub product: &'a Product,
    pub quantity: Quantity,
    pub unit: Money,
    pub sum: Money,
}

#[derive(Debug, Clone)]
pub struct PricedCart<'a> {
    pub lines: Vec<PricedLine<'a>>,
    pub total: Money,
}

impl Cart {
    /// How many pieces in all.
    pub fn count(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity.get()).sum()
    }

    /// The cart at a market's prices, without products that are no longer sold. Error: a sum is too large.
    pub fn priced<'a>(&self, catalog: &'a Catalog, market: Market) -> Result<PricedCart<'a>, MoneyError> {
        let mut total = Money::zero(market.currency());
        let mut lines = Vec::new();
        for line in &self.lines {
            let Some(product) = catalog.product(&line.slug) else { continue };
            let unit = product.prices.of(market);
            let sum = unit.times(line.quantity.get())?;
            total = total.plus(sum)?;
            lines.push(PricedLine { product, quantity: line.quantity, unit, sum });
        }
        Ok(PricedCart { lines, total })
    }
}

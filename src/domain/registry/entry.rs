//! An order as a row of the registry, and what rows come to.

use super::filter::{OrderListKey, Sort};
use crate::{
    domain::{
        money::{Currency, Money},
        orders::{order::Order, standing::OrderStanding},
    },
    platform::{Method, PaymentStatus},
};

/// What the registry keeps of an order beside the order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    pub state: OrderStanding,
    /// The platform's own word of the telling attempt.
    pub status: Option<String>,
    /// What it was paid with; before that is known, what was chosen.
    pub method: Option<Method>,
    /// Minor units that its sales took, second payments included.
    pub paid_minor: i64,
    /// Minor units that refunds which are done gave back, of all attempts.
    pub refunded_minor: i64,
    /// When it was paid first (Unix seconds).
    pub paid_at: Option<i64>,
}

impl Glance {
    pub fn of(order: &Order, paid_minor: i64, refunded_minor: i64, paid_at: Option<i64>) -> Self {
        let attempt = order.telling_attempt();
        Self {
            state: OrderStanding::of(order),
            status: attempt.and_then(|attempt| attempt.status.as_ref()).map(|status| PaymentStatus::as_str(status).to_owned()),
            method: attempt.and_then(|attempt| attempt.paid_with.or(attempt.method)),
            paid_minor,
            refunded_minor,
            paid_at,
        }
    }
}

/// An order as a row of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    pub number: String,
    /// Unix seconds.
    pub placed_at: i64,
    pub email: Option<String>,
    pub customer_id: String,
    /// Market and method by their codes: an order outlives the table that named them.
    pub market: String,
    pub method: Option<String>,
    pub state: OrderStanding,
    pub status: Option<String>,
    pub total: Money,
    /// What its sales took: more than the total where it was paid twice.
    pub paid: Money,
    pub refunded: Money,
    pub paid_at: Option<i64>,
}

impl Entry {
    /// Where it stands when rows are sorted that way.
    pub fn key(&self, sort: Sort) -> OrderListKey {
        let value = match sort {
            Sort::Newest | Sort::Oldest => self.placed_at,
            Sort::Largest | Sort::Smallest => i64::try_from(self.total.minor()).unwrap_or(i64::MAX),
        };
        OrderListKey { value, id: self.id }
    }
}

/// What all orders of a filter come to in one currency. Minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    pub currency: Currency,
    pub orders: i64,
    pub total: i64,
    /// What sales took, second payments included.
    pub paid: i64,
    pub refunded: i64,
}

impl Sums {
    pub const fn none(currency: Currency) -> Self {
        Self { currency, orders: 0, total: 0, paid: 0, refunded: 0 }
    }

    /// Takes in some more orders of this very currency.
    pub fn add(&mut self, part: Self) {
        debug_assert_eq!(self.currency, part.currency);
        self.orders = self.orders.saturating_add(part.orders);
        self.total = self.total.saturating_add(part.total);
        self.paid = self.paid.saturating_add(part.paid);
        self.refunded = self.refunded.saturating_add(part.refunded);
    }

    /// What is left of what was paid.
    pub const fn net(&self) -> i64 {
        self.paid.saturating_sub(self.refunded)
    }
}

/// One page of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    pub rows: Vec<Entry>,
    /// Of all rows of the filter, not of this page alone; by currency code.
    pub sums: Vec<Sums>,
    /// Whether there are rows before and after these.
    pub has_previous: bool,
    pub has_next: bool,
}

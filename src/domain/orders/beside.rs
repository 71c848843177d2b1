//! What a customer is told of an order that does not stand in the order itself.

use super::order::Order;
use crate::domain::money::Money;

/// Facts beside an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BesideOrder {
    /// A case is open about a payment of it, which may have taken money: a person looks.
    pub has_doubt: bool,
    /// What of the payment that settled it went back.
    pub given_back: Option<Money>,
}

impl BesideOrder {
    /// Whether a person must look before anybody pays the order.
    pub fn is_in_doubt(&self, order: &Order) -> bool {
        self.has_doubt && !order.is_paid()
    }

    /// What went back and what remains paid, where a part of it did.
    pub fn parts(&self, order: &Order) -> Option<(Money, Money)> {
        let back = self.given_back?;
        let taken = order.telling_attempt()?.taken()?;
        let kept = taken.minor().checked_sub(back.minor()).filter(|kept| *kept > 0 && back.minor() > 0)?;
        Some((back, Money::from_minor(kept, taken.currency()).ok()?))
    }
}

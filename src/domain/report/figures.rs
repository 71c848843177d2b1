//! The figures of one currency, method and market: counts, and sums in minor units.

use std::fmt;

use crate::domain::orders::standing::OrderStanding;

/// How often money moved, or waits to move, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    pub count: u64,
    /// Minor units.
    pub minor: i128,
}

/// How many orders have which standing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orders([u64; OrderStanding::ALL.len()]);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub sales: Moved,
    pub refunds: Moved,
    pub payouts: Moved,
    pub orders: Orders,
}

/// A rate in thousandths, rounded, written as `87.5 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u64);

impl Moved {
    pub fn take_in(&mut self, other: Moved) {
        self.count = self.count.saturating_add(other.count);
        self.minor = self.minor.saturating_add(other.minor);
    }
}

impl Orders {
    pub fn add(&mut self, standing: OrderStanding, orders: u64) {
        let count = &mut self.0[standing as usize];
        *count = count.saturating_add(orders);
    }

    pub fn of(self, standing: OrderStanding) -> u64 {
        self.0[standing as usize]
    }

    pub fn placed(self) -> u64 {
        self.0.into_iter().fold(0, u64::saturating_add)
    }

    pub fn paid(self) -> u64 {
        self.sum(OrderStanding::was_paid)
    }

    fn sum(self, counts: impl Fn(OrderStanding) -> bool) -> u64 {
        OrderStanding::ALL
            .into_iter()
            .filter(|standing| counts(*standing))
            .map(|standing| self.of(standing))
            .fold(0, u64::saturating_add)
    }

    /// The rate of paid orders among those placed. `None`: none was placed.
    pub fn conversion(self) -> Option<Rate> {
        Rate::of(self.paid().into(), self.placed().into())
    }

    /// Orders that were refunded, partly or wholly.
    pub fn given_back(self) -> u64 {
        self.sum(OrderStanding::was_given_back)
    }

    /// The rate of refunded orders among those paid. `None`: none was paid.
    pub fn refund_rate(self) -> Option<Rate> {
        Rate::of(self.given_back().into(), self.paid().into())
    }
}

impl Figures {
    pub fn take_in(&mut self, other: &Figures) {
        self.sales.take_in(other.sales);
        self.refunds.take_in(other.refunds);
        self.payouts.take_in(other.payouts);
        OrderStanding::ALL.into_iter().for_each(|standing| self.orders.add(standing, other.orders.of(standing)));
    }

    /// Sales minus refunds, in minor units; may be negative. Payouts are not part of it.
    pub fn net(&self) -> i128 {
        self.sales.minor.saturating_sub(self.refunds.minor)
    }

    /// How much of the money taken was refunded. Refunds may be of earlier sales. `None`: nothing was taken.
    pub fn money_refund_rate(&self) -> Option<Rate> {
        Rate::of(self.refunds.minor, self.sales.minor)
    }
}

impl Rate {
    fn of(part: i128, whole: i128) -> Option<Self> {
        let permille = part.saturating_mul(2000).saturating_add(whole).checked_div(whole.saturating_mul(2))?;
        u64::try_from(permille).ok().map(Self)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} %", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_thousandths_and_of_nothing_there_is_none() {
        let mut orders = Orders::default();
        assert_eq!((orders.conversion(), orders.refund_rate()), (None, None));
        for (standing, count) in
            [(OrderStanding::Unheard, 1), (OrderStanding::Declined, 1), (OrderStanding::Paid, 4), (OrderStanding::Refunded, 2)]
        {
            orders.add(standing, count);
        }
        assert_eq!((orders.placed(), orders.paid()), (8, 6));
        assert_eq!(orders.conversion().map(|rate| rate.to_string()), Some("75.0 %".to_owned()));
        assert_eq!(orders.refund_rate(), Some(Rate(333)));
        assert_eq!((Rate::of(2, 3), Rate::of(1, 2000), Rate::of(3, 3)), (Some(Rate(667)), Some(Rate(1)), Some(Rate(1000))));
        let figures = Figures { refunds: Moved { count: 1, minor: 5 }, ..Figures::default() };
        assert_eq!((figures.net(), figures.money_refund_rate()), (-5, None));
    }
}

//! How far an order has come, as lists and reports count it.

use super::order::Order;
use crate::platform::{PaymentStatus, Standing};

named! {
    /// By the standing of the attempt that tells. Unlike the order's page it knows no clock.
    #[derive(PartialOrd, Ord, Hash)]
    pub enum OrderStanding {
        /// The platform has said nothing yet.
        Unheard = "none",
        Processing = "processing",
        Declined = "declined",
        Paid = "paid",
        PartiallyRefunded = "partially refunded",
        Refunded = "refunded",
    }
}

impl OrderStanding {
    pub fn of(order: &Order) -> Self {
        Self::of_status(order.telling_attempt().and_then(|attempt| attempt.status.as_ref()))
    }

    /// By the newest status of the attempt that tells.
    pub fn of_status(status: Option<&PaymentStatus>) -> Self {
        match status.map(PaymentStatus::standing) {
            None => OrderStanding::Unheard,
            Some(Standing::Open) => OrderStanding::Processing,
            Some(Standing::Declined) => OrderStanding::Declined,
            Some(Standing::Succeeded) => OrderStanding::Paid,
            Some(Standing::PartiallyRefunded) => OrderStanding::PartiallyRefunded,
            Some(Standing::Refunded) => OrderStanding::Refunded,
        }
    }

    /// What people read.
    pub const fn words(self) -> &'static str {
        match self {
            OrderStanding::Unheard => "Nothing heard yet",
            OrderStanding::Processing => "Processing",
            OrderStanding::Declined => "Declined",
            OrderStanding::Paid => "Paid",
            OrderStanding::PartiallyRefunded => "Partially refunded",
            OrderStanding::Refunded => "Refunded",
        }
    }

    /// Money was taken, whatever was given back since.
    pub fn was_paid(self) -> bool {
        self >= OrderStanding::Paid
    }

    /// Some of the money went back, or all of it.
    pub fn was_given_back(self) -> bool {
        self > OrderStanding::Paid
    }
}

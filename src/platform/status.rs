//! Every payment status on the wire, and what each means for money.

use std::fmt;

/// How far a payment has come. The order of the variants is the order of evidence:
/// a later one outweighs an earlier one in whatever order callbacks arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing final yet.
    Open,
    /// Ended without money.
    Declined,
    /// The money was taken.
    Succeeded,
    /// A part of the money was given back.
    PartiallyRefunded,
    /// All of it was given back.
    Refunded,
}

/// A payment status exactly as the platform spells it, known or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentStatus(String);

use Standing::{Declined, Open, PartiallyRefunded, Refunded, Succeeded};

/// Status, standing, and for open ones their usual order (a tie-break when two carry the same date).
const KNOWN: &[(&str, Standing, u8)] = &[
    ("invoice sent", Open, 0),
    ("scheduled recurring processing", Open, 0),
    ("processing", Open, 1),
    ("external processing", Open, 2),
    ("awaiting merchant auth", Open, 3),
    ("awaiting approval", Open, 4),
    ("awaiting clarify data", Open, 5),
    ("awaiting clarification", Open, 6),
    ("awaiting 3ds result", Open, 7),
    ("awaiting redirect result", Open, 8),
    ("awaiting customer action", Open, 9),
    ("awaiting customer", Open, 10),
    ("awaiting payment", Open, 11),
    ("awaiting confirmation", Open, 12),
    ("awaiting retry", Open, 13),
    ("awaiting capture", Open, 14),
    ("awaiting partially clearing", Open, 15),
    ("awaiting clearing", Open, 16),
    ("clearing processing", Open, 17),
    ("partially paid", Open, 18),     // not the whole sum: never called paid
    ("partially paid out", Open, 18), // a payout under way
    ("invoice cancelled", Declined, 0),
    ("expired", Declined, 0),
    ("decline", Declined, 0),
    ("decline renewal", Declined, 0),
    ("error", Declined, 0),
    ("internal error", Declined, 0),
    ("external error", Declined, 0),
    ("canceled", Declined, 0),
    ("cancelled", Declined, 0),
    ("success", Succeeded, 0),
    ("partially reversed", PartiallyRefunded, 0),
    ("partially refunded", PartiallyRefunded, 0),
    ("reversed", Refunded, 0),
    ("refunded", Refunded, 0),
];

impl PaymentStatus {
    /// Takes any text.
    pub fn new(wire: impl Into<String>) -> Self {
        Self(wire.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An unknown status counts as open: it does not tell whether money moved.
    pub fn standing(&self) -> Standing {
        self.row().map_or(Open, |(_, standing, _)| *standing)
    }

    /// All that are known and not open.
    pub fn ended() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().filter(|(_, standing, _)| *standing != Open).map(|(wire, ..)| *wire)
    }

    /// The usual order among statuses of one standing.
    pub fn ordinal(&self) -> u8 {
        self.row().map_or(0, |(_, _, ordinal)| *ordinal)
    }

    fn row(&self) -> Option<&'static (&'static str, Standing, u8)> {
        KNOWN.iter().find(|(wire, ..)| *wire == self.0)
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

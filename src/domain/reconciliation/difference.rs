//! What each side knows of a transfer, and how the two may differ.

use crate::{
    domain::{money::Money, transfers::progress::Word},
    platform::{PaymentStatus, Standing},
};

named! {
    /// Which way money goes.
    #[derive(Hash)]
    pub enum ComparedKind {
        Sale = "sale",
        /// A refund or a reversal.
        Refund = "refund",
        Payout = "payout",
        /// Something this shop never asks for.
        Other = "operation",
    }
}

/// What the shop knows of one movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub movement: ComparedKind,
    /// The shop's own name of a refund.
    pub name: Option<String>,
    pub payment_id: String,
    /// The platform's number, where the shop keeps it.
    pub operation_id: Option<String>,
    pub amount: Money,
    pub state: Word,
    /// The platform spoke of an operation that ended, so its register has one.
    pub was_told: bool,
    /// When it began here (Unix seconds), and how long (seconds) its method may leave it open.
    pub at: i64,
    pub limit_s: i64,
}

/// An operation of the platform's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub movement: ComparedKind,
    pub operation_id: String,
    pub payment_id: String,
    /// The shop's own name of a refund, where the register tells it.
    pub name: Option<String>,
    pub amount: Money,
    pub state: Word,
    /// When it began there (Unix seconds).
    pub at: i64,
}

/// From one moment up to, and without, another (Unix seconds).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparedInterval {
    pub from: i64,
    pub before: i64,
}

named! {
    #[derive(PartialOrd, Ord, Hash)]
    pub enum DifferenceKind {
        /// The shop has it, the register not.
        Missing = "missing",
        /// The register has it, the shop not.
        Extra = "extra",
        Amount = "amount",
        Currency = "currency",
        Status = "status",
        /// One operation is listed twice, or one payment was paid twice.
        Duplicate = "duplicate",
    }
}

/// Something a person looks into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Difference {
    pub kind: DifferenceKind,
    pub movement: ComparedKind,
    pub payment_id: String,
    /// The platform's number, where one is known.
    pub operation_id: Option<String>,
    /// What each side says; `None`: nothing.
    pub shop: Option<Side>,
    pub register: Option<Side>,
}

/// What one side says of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Side {
    pub amount: Money,
    pub state: Word,
}

impl ComparedKind {
    /// `operation_type` in the register.
    pub fn of_type(operation_type: &str) -> Self {
        match operation_type {
            "sale" => ComparedKind::Sale,
            "refund" | "reversal" => ComparedKind::Refund,
            "payout" => ComparedKind::Payout,
            _ => ComparedKind::Other,
        }
    }
}

impl ComparedInterval {
    pub fn contains(&self, moment: i64) -> bool {
        (self.from..self.before).contains(&moment)
    }

    /// Wider by so many seconds on both ends.
    pub fn widened(&self, by: i64) -> Self {
        Self { from: self.from.saturating_sub(by), before: self.before.saturating_add(by) }
    }
}

/// What a status says of the sale or operation that has it: money given back since was taken once.
pub fn word_of(status: &PaymentStatus) -> Word {
    match status.standing() {
        Standing::Open => Word::UnderWay,
        Standing::Declined => Word::Declined,
        Standing::Succeeded | Standing::PartiallyRefunded | Standing::Refunded => Word::Succeeded,
    }
}

//! What each side knows of a transfer, and how the two may differ.

use crate::{
    domain::{money::Money, transfers::progress::Outcome},
    platform::{PaymentStatus, Standing},
};

named! {
    /// The kinds of operations that are compared.
    #[derive(Hash)]
    pub enum ComparedKind {
        Sale = "sale",
        /// A refund or a reversal.
        Refund = "refund",
        Payout = "payout",
        /// An operation that this shop never asks for.
        Other = "operation",
    }
}

/// A sale, refund or payout as the shop knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub movement: ComparedKind,
    /// The shop's own name of a refund.
    pub name: Option<String>,
    pub payment_id: String,
    /// The platform's id of the operation, if the shop stored it.
    pub operation_id: Option<String>,
    pub amount: Money,
    pub state: Outcome,
    /// The platform reported an operation that ended, so its register must have one.
    pub was_told: bool,
    /// When it began in the shop (Unix seconds), and its limit time (seconds).
    pub at: i64,
    pub limit_s: i64,
}

/// An operation of the platform's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub movement: ComparedKind,
    pub operation_id: String,
    pub payment_id: String,
    /// The shop's own name of a refund, if the register tells it.
    pub name: Option<String>,
    pub amount: Money,
    pub state: Outcome,
    /// When it began at the platform (Unix seconds).
    pub at: i64,
}

named! {
    #[derive(PartialOrd, Ord, Hash)]
    pub enum DifferenceKind {
        /// The shop has it, the register does not.
        Missing = "missing",
        /// The register has it, the shop does not.
        Extra = "extra",
        Amount = "amount",
        Currency = "currency",
        Status = "status",
        /// One operation is listed twice, or one payment was paid twice.
        Duplicate = "duplicate",
    }
}

/// A difference that a person must look into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Difference {
    pub kind: DifferenceKind,
    pub movement: ComparedKind,
    pub payment_id: String,
    /// The platform's id of the operation, if known.
    pub operation_id: Option<String>,
    /// What each side says; `None`: it does not have the operation.
    pub shop: Option<Side>,
    pub register: Option<Side>,
}

/// What one side says of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Side {
    pub amount: Money,
    pub state: Outcome,
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

/// The state of a sale or operation with this status: a refunded sale did succeed.
pub fn outcome_of(status: &PaymentStatus) -> Outcome {
    match status.standing() {
        Standing::Open => Outcome::UnderWay,
        Standing::Declined => Outcome::Declined,
        Standing::Succeeded | Standing::PartiallyRefunded | Standing::Refunded => Outcome::Succeeded,
    }
}

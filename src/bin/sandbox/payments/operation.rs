//! One step with money: a try of the sale, a refund, or a payout.

use iso_currency::Currency;

use crate::{
    payments::verdict,
    running::{chance, clock::Moment},
};

named! {
    /// `operation.type`.
    pub enum OperationType {
        Sale = "sale",
        Refund = "refund",
        Payout = "payout",
    }
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub id: i64,
    pub operation_type: OperationType,
    pub status: String,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    pub code: String,
    pub message: String,
    pub request_id: String,
    /// The payment's id on the provider's side.
    pub provider_payment_id: String,
    /// The refund's own text.
    pub description: Option<String>,
    /// The merchant's own id of the refund, if there is one.
    pub merchant_refund_id: Option<String>,
    /// Where this operation's callbacks go, if not where the payment's do.
    pub callback_url: Option<String>,
    /// When a refund or payout is decided. `None`: it is decided, or it is a sale.
    pub decides_at: Option<Moment>,
    /// When it is declined if it is still undecided. `None`: never.
    pub times_out_at: Option<Moment>,
    pub created_at: Moment,
    pub changed_at: Moment,
}

impl Operation {
    /// One that begins now. The ledger gives it its id.
    pub fn begin(operation_type: OperationType, amount: u64, currency: Currency, now: Moment) -> Self {
        Self {
            id: 0,
            operation_type,
            status: verdict::PROCESSING.status.to_owned(),
            amount,
            currency,
            code: verdict::PROCESSING.code.to_owned(),
            message: verdict::PROCESSING.message.to_owned(),
            request_id: chance::request_id(),
            provider_payment_id: chance::provider_payment_id(),
            description: None,
            merchant_refund_id: None,
            callback_url: None,
            decides_at: None,
            times_out_at: None,
            created_at: now,
            changed_at: now,
        }
    }

    /// Money that was given back.
    pub fn is_refunded(&self) -> bool {
        self.operation_type == OperationType::Refund && self.status == verdict::SUCCESS.status
    }
}

/// Minor units given back of a payment, or that will be unless a refund is declined.
pub fn claimed(operations: &[Operation]) -> u64 {
    let is_claim = |known: &&Operation| known.operation_type == OperationType::Refund && known.status != verdict::DECLINE;
    operations.iter().filter(is_claim).map(|operation| operation.amount).sum()
}

/// Minor units given back of a payment, by all its operations.
pub fn refunded(operations: &[Operation]) -> u64 {
    operations.iter().filter(|operation| operation.is_refunded()).map(|operation| operation.amount).sum()
}

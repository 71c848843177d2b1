//! A refund, whole or partial: begun here, decided shortly after.

use crate::{
    acts::refused::{RefusalCode, Refused},
    ledger::{Transaction, operations},
    payments::{
        operation::{self, Operation, OperationType},
        payment::{Payment, PaymentType},
    },
    running::limits::DECIDED_AFTER,
    sandbox::Sandbox,
};
use iso_currency::Currency;

/// A refund that a shop asks for, or somebody at the Dashboard.
#[derive(Debug)]
pub struct NewRefund {
    /// Minor units, and their currency. `None`: all that is left.
    pub part: Option<(u64, Currency)>,
    pub description: String,
    pub merchant_refund_id: Option<String>,
    /// Where its callbacks go, if not where the payment's do.
    pub callback_url: Option<String>,
}

/// Begins it, if the payment allows.
pub fn begin(tx: &Transaction, sandbox: &Sandbox, payment: &Payment, wanted: NewRefund) -> Result<Operation, Refused> {
    if payment.payment_type != PaymentType::Purchase || !payment.succeeded() {
        return Err(RefusalCode::WrongStatus.into());
    }
    if payment.method.rules().gate.refund.is_none() {
        return Err(RefusalCode::NoRefunds.into());
    }
    let NewRefund { part, description, merchant_refund_id, callback_url } = wanted;
    if part.is_some_and(|(_, currency)| currency != payment.currency) {
        return Err(RefusalCode::OtherCurrency.into());
    }
    let before = operations::of_payment(tx, payment.id)?;
    let amount = part.map_or_else(|| rest(payment, &before), |(amount, _)| amount);
    // Careful reading: without an id of its own a request over the same amount is taken for the same refund.
    let is_same = |known: &Operation| {
        let same_id = merchant_refund_id.is_none() || merchant_refund_id == known.merchant_refund_id;
        known.decides_at.is_some() && known.amount == amount && same_id
    };
    if before.iter().any(is_same) {
        return Err(RefusalCode::SameInProgress.into());
    }
    if let Some(id) = &merchant_refund_id
        && operations::refund_id_is_used(tx, id)?
    {
        return Err(RefusalCode::RefundIdUsed.into());
    }
    let now = sandbox.clock.now();
    let mut operation = Operation {
        description: Some(description),
        merchant_refund_id,
        callback_url,
        decides_at: Some(now.plus(DECIDED_AFTER)),
        ..Operation::begin(OperationType::Refund, amount, payment.currency, now)
    };
    operation.id = operations::insert(tx, payment.id, &operation)?;
    Ok(operation)
}

/// What no refund has claimed yet. With nothing left it is the whole payment, which is declined as too much.
fn rest(payment: &Payment, operations: &[Operation]) -> u64 {
    match payment.amount.saturating_sub(operation::claimed(operations)) {
        0 => payment.amount,
        rest => rest,
    }
}

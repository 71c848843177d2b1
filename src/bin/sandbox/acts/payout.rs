//! A payout to a customer who paid before: begun here, decided shortly after.

use std::time::Duration;

use crate::{
    acts::refused::{RefusalCode, Refused},
    ledger::{Transaction, operations, payments},
    payments::{
        operation::{Operation, OperationType},
        payment::{NewPayment, Payment},
    },
    running::limits::DECIDED_AFTER,
    sandbox::Sandbox,
};

/// Begins it, unless its `payment_id` exists already.
pub fn begin(tx: &Transaction, sandbox: &Sandbox, new: NewPayment) -> Result<Operation, Refused> {
    if payments::by_payment_id(tx, &new.payment_id)?.is_some() {
        return Err(RefusalCode::PaymentExists.into());
    }
    let now = sandbox.clock.now();
    let mut payment = Payment::begin(new, sandbox.settings.project_id, now);
    payment.id = payments::insert(tx, &payment)?;
    let limit_s = payment.method.rules().gate.payout.as_ref().map(|rules| rules.limit_time_s);
    let limit = limit_s.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
    let mut operation = Operation {
        decides_at: Some(now.plus(DECIDED_AFTER)),
        times_out_at: limit.map(|limit| now.plus(limit)),
        ..Operation::begin(OperationType::Payout, payment.amount, payment.currency, now)
    };
    operation.id = operations::insert(tx, payment.id, &operation)?;
    Ok(operation)
}

//! Queues callbacks: builds and signs the body, and plays the faults that are set. `delivery` sends them.

use std::time::Duration;

use crate::{
    callbacks::body,
    ledger::{
        Transaction,
        callbacks::{self, CallbackState},
        control,
        error::LedgerError,
        operations,
    },
    payments::{
        operation::{self, Operation},
        payment::Payment,
    },
    running::{chance, clock::Moment},
    sandbox::{ActError, Sandbox},
};

/// Queues the callback that tells the state of a payment, with its copies.
pub fn queue(tx: &Transaction, sandbox: &Sandbox, payment: &Payment, operation: &Operation, at: Moment) -> Result<(), ActError> {
    let faults = control::faults(tx)?;
    let refunded = operation::refunded(&operations::of_payment(tx, payment.id)?);
    let body = body::signed_body(body::Subject { payment, operation, refunded }, &faults, &sandbox.settings)?;
    let own = operation.callback_url.as_deref().or_else(|| payment.fields.filled("merchant_callback_url"));
    let url = own.unwrap_or(sandbox.settings.callback_url.as_str());
    for _copy in 0..=faults.duplicate {
        let state = if chance::happens(faults.drop) {
            CallbackState::Dropped
        } else if faults.shuffle {
            CallbackState::Held
        } else {
            CallbackState::Waiting
        };
        callbacks::insert(tx, payment.id, url, &body, state, at.plus(faults.delay()))?;
    }
    Ok(())
}

/// Lets the held callbacks of a payment go, in random order.
pub fn release(tx: &Transaction, payment: i64, at: Moment) -> Result<(), LedgerError> {
    let mut held = callbacks::held(tx, payment)?;
    chance::shuffle(&mut held);
    // A payment's callbacks leave one after the other, by due time: a millisecond apart keeps the drawn order.
    for (place, callback) in held.into_iter().enumerate() {
        callbacks::release(tx, callback, at.plus(Duration::from_millis(place as u64)))?;
    }
    Ok(())
}

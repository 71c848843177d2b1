//! A refund, whole or partial, accepted here and decided shortly after.

use iso_currency::Currency;
use sqlx::SqliteConnection;
use storefront::platform::Method;

use super::{decision::DECIDED_AFTER, refused::Refused, request::Request};
use crate::{
    ledger::{LedgerError, operations, payments},
    operation::{Operation, OperationType},
    payment::{Payment, PaymentType},
    sandbox::Sandbox,
};

/// `POST /v2/payment/…/refund`
pub async fn refund(sandbox: &Sandbox, method: Method, request: &Request) -> Result<Operation, Refused> {
    let description = request.required_text("payment.description")?.to_owned();
    let merchant_refund_id = request.text("payment.merchant_refund_id")?.map(str::to_owned);
    let callback_url = request.callback_url()?.map(str::to_owned);
    if method.rules().gate.refund_needs_ip {
        request.check_ip_address()?;
    }
    let part = part(request)?;

    let mut write = sandbox.ledger.write().await?;
    let payment = paid(&mut write, method, &request.payment_id).await?;
    if part.is_some_and(|(_, currency)| currency != payment.currency) {
        return Err(Refused::OtherCurrency);
    }
    let before = operations::of_payment(&mut write, payment.id).await?;
    let amount = part.map_or_else(|| rest(&payment, &before), |(amount, _)| amount);
    // Careful reading: without an id of its own a request over the same amount is taken for the same refund.
    let is_same = |known: &Operation| {
        let same_id = merchant_refund_id.is_none() || merchant_refund_id == known.merchant_refund_id;
        known.decides_at.is_some() && known.amount == amount && same_id
    };
    if before.iter().any(is_same) {
        return Err(Refused::SameInProgress);
    }
    if let Some(id) = &merchant_refund_id
        && operations::refund_id_is_used(&mut write, id).await?
    {
        return Err(Refused::RefundIdUsed);
    }
    let now = sandbox.clock.now();
    let mut operation = Operation {
        description: Some(description),
        merchant_refund_id,
        callback_url,
        decides_at: Some(now.plus(DECIDED_AFTER)),
        ..Operation::begin(OperationType::Refund, amount, payment.currency, now)
    };
    operation.id = operations::insert(&mut write, payment.id, &operation).await?;
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(operation)
}

/// Amount and currency come together; without them all is given back.
fn part(request: &Request) -> Result<Option<(u64, Currency)>, Refused> {
    match (request.amount()?, request.currency()?) {
        (Some(amount), Some(currency)) => Ok(Some((amount, currency))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refused::AmountMissing),
        (Some(_), None) => Err(Refused::CurrencyMissing),
    }
}

/// A payment of another method is not found at this method's address (careful reading).
async fn paid(read: &mut SqliteConnection, method: Method, payment_id: &str) -> Result<Payment, Refused> {
    let found = payments::by_payment_id(read, payment_id).await?.filter(|found| found.method == method);
    let payment = found.ok_or(Refused::UnknownPayment)?;
    match payment.payment_type == PaymentType::Purchase && payment.succeeded() {
        true => Ok(payment),
        false => Err(Refused::WrongStatus),
    }
}

/// What was neither given back nor asked back yet. With nothing left it is the whole payment, and declined as too much.
fn rest(payment: &Payment, operations: &[Operation]) -> u64 {
    let claimed: u64 = operations.iter().filter(|known| known.is_refund_not_declined()).map(|known| known.amount).sum();
    match payment.amount.saturating_sub(claimed) {
        0 => payment.amount,
        rest => rest,
    }
}

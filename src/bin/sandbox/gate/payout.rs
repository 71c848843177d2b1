//! A payout to the account of a customer who paid before, accepted here and decided shortly after.

use std::time::Duration;

use crate::{
    gate::{decision::DECIDED_AFTER, refused::Refused, request::Asked},
    ledger::{LedgerError, Transaction, operations, payments},
    payments::{
        operation::{Operation, OperationType},
        payment::{NewPayment, Payment, PaymentType},
    },
    sandbox::Sandbox,
};
use storefront::platform::Method;

/// `POST /v2/payment/…/payout`
pub fn pay_out(tx: &Transaction, sandbox: &Sandbox, method: Method, asked: &Asked) -> Result<Operation, Refused> {
    begin(tx, sandbox, read(method, asked)?)?.ok_or(Refused::PaymentExists)
}

/// `None`: the `payment_id` was there already, and its payment is untouched.
pub fn begin(tx: &Transaction, sandbox: &Sandbox, new: NewPayment) -> Result<Option<Operation>, LedgerError> {
    if payments::by_payment_id(tx, &new.payment_id)?.is_some() {
        return Ok(None);
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
    Ok(Some(operation))
}

fn read(method: Method, asked: &Asked) -> Result<NewPayment, Refused> {
    let request = &asked.request;
    let rules = method.rules().gate.payout.as_ref().ok_or(Refused::NothingHere)?;
    let amount = request.amount()?.ok_or(Refused::AmountMissing)?;
    let currency = request.currency()?.ok_or(Refused::CurrencyMissing)?;
    if currency != method.rules().currency {
        return Err(Refused::CurrencyNotTaken);
    }
    if amount > rules.maximum {
        return Err(Refused::AmountOverLimit);
    }
    if amount < rules.minimum {
        return Err(Refused::AmountUnderLimit);
    }
    let customer_id = request.customer_id()?;
    request.check_ip_address()?;
    let number = request.required_text("account.number")?;
    if number.len() != 11 || !number.starts_with("09") || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::AccountUnfit);
    }
    let given = [
        ("customer_id", Some(customer_id)),
        ("customer_account_number", Some(number)),
        ("customer_account_name", Some(request.required_text("account.customer_name")?)),
        ("payment_description", request.text("payment.description")?),
        ("merchant_callback_url", request.callback_url()?),
    ];
    Ok(NewPayment {
        payment_id: request.payment_id.clone(),
        payment_type: PaymentType::Payout,
        method,
        amount,
        currency,
        fields: given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect(),
        gate_origin: Some(asked.origin.clone()),
    })
}

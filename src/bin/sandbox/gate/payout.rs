//! A payout to the account of a customer who paid before, accepted here and decided shortly after.

use storefront::platform::Method;

use super::{decision::DECIDED_AFTER, refused::Refused, request::Asked};
use crate::{
    ledger::{LedgerError, operations, payments},
    operation::{Operation, OperationType},
    payment::{NewPayment, Payment, PaymentType},
    sandbox::Sandbox,
};

/// `POST /v2/payment/…/payout`
pub async fn pay_out(sandbox: &Sandbox, method: Method, asked: &Asked) -> Result<Operation, Refused> {
    let new = read(method, asked)?;
    let mut write = sandbox.ledger.write().await?;
    if payments::by_payment_id(&mut write, &new.payment_id).await?.is_some() {
        return Err(Refused::PaymentExists);
    }
    let now = sandbox.clock.now();
    let mut payment = Payment::begin(new, sandbox.settings.project_id, now);
    payment.id = payments::insert(&mut write, &payment).await?;
    let mut operation = Operation {
        decides_at: Some(now.plus(DECIDED_AFTER)),
        ..Operation::begin(OperationType::Payout, payment.amount, payment.currency, now)
    };
    operation.id = operations::insert(&mut write, payment.id, &operation).await?;
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(operation)
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

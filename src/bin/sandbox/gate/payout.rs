//! A payout to a customer's account, as a shop asks for it.

use crate::{
    acts::{
        payout,
        refused::{RefusalCode, Refused},
    },
    gate::request::GateRequest,
    ledger::Transaction,
    payments::{
        fields::Fields,
        operation::Operation,
        payment::{NewPayment, PaymentType},
    },
    sandbox::Sandbox,
};
use storefront::platform::Method;

/// `POST /v2/payment/…/payout`
pub fn pay_out(tx: &Transaction, sandbox: &Sandbox, method: Method, request: &GateRequest) -> Result<Operation, Refused> {
    payout::begin(tx, sandbox, read(method, request)?)
}

fn read(method: Method, request: &GateRequest) -> Result<NewPayment, Refused> {
    let rules = method.rules().gate.payout.as_ref().ok_or(RefusalCode::NothingHere)?;
    let currency = method.rules().currency;
    let amount = request.required_amount(currency)?;
    if amount > rules.maximum {
        return Err(RefusalCode::AmountOverLimit.into());
    }
    if amount < rules.minimum {
        return Err(RefusalCode::AmountUnderLimit.into());
    }
    let customer_id = request.customer_id()?;
    request.check_ip_address()?;
    let number = request.required_text("account.number")?;
    if number.len() != 11 || !number.starts_with("09") || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RefusalCode::AccountUnfit.into());
    }
    let fields = [
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
        fields: Fields::of(fields),
        gate_origin: Some(request.origin.clone()),
    })
}

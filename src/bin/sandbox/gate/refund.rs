//! A refund, as a shop asks for it.

use crate::{
    acts::{
        refund::{self, NewRefund},
        refused::{RefusalCode, Refused},
    },
    gate::request::GateRequest,
    ledger::{Transaction, payments},
    payments::operation::Operation,
    sandbox::Sandbox,
};
use iso_currency::Currency;
use storefront::platform::Method;

/// `POST /v2/payment/…/refund`. A payment of another method is not found at a method's address (careful reading); the
/// address that names none is for all of them.
pub fn refund(tx: &Transaction, sandbox: &Sandbox, method: Option<Method>, request: &GateRequest) -> Result<Operation, Refused> {
    let wanted = NewRefund {
        description: request.required_text("payment.description")?.to_owned(),
        merchant_refund_id: request.text("payment.merchant_refund_id")?.map(str::to_owned),
        callback_url: request.callback_url()?.map(str::to_owned),
        part: part(request)?,
    };
    if method.is_some_and(|method| method.rules().gate.refund_needs_ip) {
        request.check_ip_address()?;
    }
    let found = payments::by_payment_id(tx, &request.payment_id)?;
    let payment = found.filter(|found| method.is_none_or(|method| found.method == method)).ok_or(RefusalCode::UnknownPayment)?;
    refund::begin(tx, sandbox, &payment, wanted)
}

/// Amount and currency come together; without them all is given back.
fn part(request: &GateRequest) -> Result<Option<(u64, Currency)>, Refused> {
    match (request.amount()?, request.currency()?) {
        (Some(amount), Some(currency)) => Ok(Some((amount, currency))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(RefusalCode::AmountMissing.into()),
        (Some(_), None) => Err(RefusalCode::CurrencyMissing.into()),
    }
}

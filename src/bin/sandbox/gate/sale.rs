//! A sale, as a shop asks for it. It goes on like one from the Payment Page, but the shop asks its customer for what is
//! missing and leads them to the provider itself.

use crate::{
    acts::{
        refused::{RefusalCode, Refused},
        sale,
    },
    gate::request::GateRequest,
    ledger::Transaction,
    payments::{
        email::is_email,
        fields::Fields,
        last_name::is_recommended,
        operation::Operation,
        payment::{NewPayment, PaymentType},
    },
    running::limits::LARGEST_AMOUNT,
    sandbox::Sandbox,
};
use storefront::platform::Method;

/// `POST /v2/payment/…/sale`
pub fn sell(tx: &Transaction, sandbox: &Sandbox, method: Method, request: &GateRequest) -> Result<Operation, Refused> {
    let currency = method.rules().currency;
    let amount = request.required_amount(currency)?;
    // The method's own limits are the provider's, which declines later.
    if amount > LARGEST_AMOUNT {
        return Err(RefusalCode::AmountOverLimit.into());
    }
    let new = NewPayment {
        payment_id: request.payment_id.clone(),
        payment_type: PaymentType::Purchase,
        method,
        amount,
        currency,
        fields: fields(method, request)?,
        gate_origin: Some(request.origin.clone()),
    };
    Ok(sale::register(tx, sandbox, new)?.sale.ok_or(RefusalCode::PaymentExists)?)
}

/// By the Payment Page's names.
fn fields(method: Method, request: &GateRequest) -> Result<Fields, Refused> {
    let mut fields = Fields::default();
    fields.set("customer_id", request.customer_id()?);
    request.check_ip_address()?;
    if method.rules().needs_email {
        let email = request.required_text("customer.email")?;
        if !is_email(email) {
            return Err(RefusalCode::EmailUnfit.into());
        }
        fields.set("customer_email", email);
    }
    // One that is too short or too long counts as none: the platform asks for it, and takes the answer.
    if let Some(name) = request.text("customer.last_name")?.filter(|name| is_recommended(name)) {
        fields.set("customer_last_name", name);
    }
    for (member, path, name) in RETURN_URLS {
        let address = request.address(path)?;
        if method.rules().gate.return_urls.contains(&member) {
            fields.set(name, address.ok_or(Refused::missing(path))?);
        }
    }
    if let Some(description) = request.text("payment.description")? {
        fields.set("payment_description", description);
    }
    if let Some(url) = request.callback_url()? {
        fields.set("merchant_callback_url", url);
    }
    Ok(fields)
}

/// A member of `return_url`, its path, and the Payment Page's name for the same.
const RETURN_URLS: [(&str, &str, &str); 3] = [
    ("success", "return_url.success", "redirect_success_url"),
    ("decline", "return_url.decline", "redirect_fail_url"),
    ("return", "return_url.return", "merchant_return_url"),
];

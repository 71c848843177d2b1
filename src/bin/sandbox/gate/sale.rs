//! A sale through Gate: the same life as one from the Payment Page, but the shop asks for what is missing and leads the
//! customer to the provider itself.

use crate::{
    gate::{
        refused::Refused,
        request::{Asked, Request},
    },
    ledger::Transaction,
    payment_page::answers::is_email,
    payments::{
        last_name::is_recommended,
        operation::Operation,
        payment::{NewPayment, PaymentType},
        sale,
    },
    sandbox::Sandbox,
};
use storefront::platform::Method;

/// The platform's published upper bound, in minor units. The method's own limits are the provider's: it declines later.
const LARGEST_AMOUNT: u64 = 10_000_000_000_000;

/// `POST /v2/payment/…/sale`
pub fn sell(tx: &Transaction, sandbox: &Sandbox, method: Method, asked: &Asked) -> Result<Operation, Refused> {
    let request = &asked.request;
    let amount = request.amount()?.ok_or(Refused::AmountMissing)?;
    if amount > LARGEST_AMOUNT {
        return Err(Refused::AmountOverLimit);
    }
    let currency = request.currency()?.ok_or(Refused::CurrencyMissing)?;
    if currency != method.rules().currency {
        return Err(Refused::CurrencyNotTaken);
    }
    let new = NewPayment {
        payment_id: request.payment_id.clone(),
        payment_type: PaymentType::Purchase,
        method,
        amount,
        currency,
        fields: fields(method, request)?,
        gate_origin: Some(asked.origin.clone()),
    };
    sale::register(tx, sandbox, new)?.sale.ok_or(Refused::PaymentExists)
}

/// By the names the Payment Page has for the same.
fn fields(method: Method, request: &Request) -> Result<Vec<(String, String)>, Refused> {
    let mut fields = Vec::new();
    let mut set = |name: &str, value: Option<&str>| fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    set("customer_id", Some(request.customer_id()?));
    request.check_ip_address()?;
    if method.rules().needs_email {
        let email = request.required_text("customer.email")?;
        if !is_email(email) {
            return Err(Refused::EmailUnfit);
        }
        set("customer_email", Some(email));
    }
    // One too short or too long counts as none: the platform will ask for it. What is then said again is the customer's name.
    set("customer_last_name", request.text("customer.last_name")?.filter(|name| is_recommended(name)));
    for member in ["success", "decline", "return"] {
        let (path, name) = match member {
            "success" => ("return_url.success", "redirect_success_url"),
            "decline" => ("return_url.decline", "redirect_fail_url"),
            _ => ("return_url.return", "merchant_return_url"),
        };
        let address = request.address(path)?;
        if method.rules().gate.return_urls.contains(&member) {
            set(name, Some(address.ok_or(Refused::Missing(path))?));
        }
    }
    set("payment_description", request.text("payment.description")?);
    set("merchant_callback_url", request.callback_url()?);
    Ok(fields)
}

//! The body of a callback: members, order and types as in the platform's samples of each method.
//!
//! No sample shows a step in between (`processing`, `awaiting redirect result`). Careful reading: such a callback has
//! the shape of the method's decline, which carries nothing that only a finished payment knows.

use serde::Serialize;
use storefront::{
    platform::Method,
    protocol::{
        json::{Json, JsonError},
        signature::Unsignable,
    },
};

use crate::{
    faults::{Faults, SignatureFault},
    payment::{Operation, Payment},
    settings::Settings,
};

#[derive(Serialize)]
struct Body<'a> {
    project_id: u64,
    payment: PaymentPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerPart<'a>>,
    operation: OperationPart<'a>,
}

#[derive(Serialize)]
struct PaymentPart<'a> {
    id: &'a str,
    r#type: &'static str,
    status: &'a str,
    date: String,
    method: &'static str,
    sum: Sum<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_new_attempts_available: Option<bool>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_timeout: Option<u64>,
}

/// Minor units.
#[derive(Serialize, Clone, Copy)]
struct Sum<'a> {
    amount: u64,
    currency: &'a str,
}

#[derive(Serialize)]
struct AccountPart {
    number: &'static str,
}

#[derive(Serialize)]
struct CustomerPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
}

#[derive(Serialize)]
struct OperationPart<'a> {
    id: i64,
    r#type: &'a str,
    status: &'a str,
    date: String,
    created_date: String,
    request_id: &'a str,
    sum_initial: Sum<'a>,
    sum_converted: Sum<'a>,
    /// Bancontact names the provider before the code, the wallets after the message.
    #[serde(rename = "provider", skip_serializing_if = "Option::is_none")]
    provider_before_code: Option<ProviderPart<'a>>,
    code: &'a str,
    message: &'a str,
    #[serde(rename = "provider", skip_serializing_if = "Option::is_none")]
    provider_after_message: Option<ProviderPart<'a>>,
}

#[derive(Serialize)]
struct ProviderPart<'a> {
    id: u32,
    payment_id: &'a str,
    auth_code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

/// Why a callback cannot be written. None of these is ever seen: the body is our own.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("the body is no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the body does not read back: {0}")]
    NotReadable(#[from] JsonError),
    #[error("the body cannot be signed: {0}")]
    Unsignable(#[from] Unsignable),
}

/// The body of the callback that tells this state, signed as the faults demand.
pub fn signed_body(payment: &Payment, operation: &Operation, faults: &Faults, settings: &Settings) -> Result<String, Unwritable> {
    let mut body = unsigned_body(payment, operation, faults)?;
    if let Some(signature) = signature(&body, faults.signature, settings)? {
        // Last at top level; Base64 needs no escaping.
        body.pop();
        body.push_str(&format!(r#","signature":"{signature}"}}"#));
    }
    Ok(body)
}

fn unsigned_body(payment: &Payment, operation: &Operation, faults: &Faults) -> Result<String, serde_json::Error> {
    let sum = |amount: u64, currency: &'static str| Sum {
        amount: faults.amount.unwrap_or(amount),
        currency: faults.currency.as_deref().unwrap_or(currency),
    };
    let operation_sum = sum(operation.amount, operation.currency.code());
    let provider = provider(payment, operation);
    let (before, after) = match payment.method {
        Method::Bancontact => (Some(provider), None),
        Method::Payco | Method::PayMaya => (None, Some(provider)),
    };
    // Only a payment that can be tried again speaks of it, and only where a try has just failed.
    let another = payment.another_try_within();
    let ends_try = payment.tries_until.is_some() && !payment.is_open() && !payment.succeeded();
    let body = Body {
        project_id: payment.project_id,
        payment: PaymentPart {
            id: &payment.payment_id,
            r#type: "purchase",
            status: payment.status.as_str(),
            date: payment.changed_at.platform_date(),
            method: payment.method.rules().callback_name,
            sum: sum(payment.amount, payment.currency.code()),
            description: description(payment),
            is_new_attempts_available: ends_try.then_some(another.is_some()),
            attempts_timeout: ends_try.then(|| another.unwrap_or_default().as_secs()),
        },
        account: account(payment),
        customer: customer(payment),
        operation: OperationPart {
            id: operation.id,
            r#type: &operation.operation_type,
            status: &operation.status,
            date: operation.changed_at.platform_date(),
            created_date: operation.created_at.platform_date(),
            request_id: &operation.request_id,
            sum_initial: operation_sum,
            sum_converted: operation_sum,
            provider_before_code: before,
            code: &operation.code,
            message: &operation.message,
            provider_after_message: after,
        },
    };
    serde_json::to_string(&body)
}

/// Empty where the merchant gave none; Bancontact's decline has no such member at all.
fn description(payment: &Payment) -> Option<&str> {
    let shown = payment.method != Method::Bancontact || payment.succeeded();
    shown.then(|| payment.field("payment_description").unwrap_or_default())
}

/// PayMaya alone names the account, and only when it paid.
fn account(payment: &Payment) -> Option<AccountPart> {
    (payment.method == Method::PayMaya && payment.succeeded()).then_some(AccountPart { number: "1234" })
}

fn customer(payment: &Payment) -> Option<CustomerPart<'_>> {
    match payment.method {
        Method::Payco => Some(CustomerPart { id: payment.field("customer_id"), last_name: None }),
        Method::Bancontact => Some(CustomerPart { id: None, last_name: payment.field("customer_last_name") }),
        Method::PayMaya => None,
    }
}

/// Ids are those of the samples. Payco gives its own payment id when it paid, PayMaya always, Bancontact never.
fn provider<'a>(payment: &Payment, operation: &'a Operation) -> ProviderPart<'a> {
    let given = operation.provider_payment_id.as_str();
    let known = if payment.succeeded() { given } else { "" };
    match payment.method {
        Method::Payco => ProviderPart { id: 12345, payment_id: known, auth_code: "", endpoint_id: None, date: None },
        Method::PayMaya => ProviderPart {
            id: 1797,
            payment_id: given,
            auth_code: "",
            endpoint_id: payment.succeeded().then_some("PYMY"),
            date: Some(operation.changed_at.platform_date()),
        },
        Method::Bancontact => ProviderPart { id: 1241, payment_id: "", auth_code: "", endpoint_id: None, date: None },
    }
}

/// `None`: the body goes without.
fn signature(body: &str, fault: SignatureFault, settings: &Settings) -> Result<Option<String>, Unwritable> {
    let document = Json::parse_object(body.as_bytes())?;
    Ok(match fault {
        SignatureFault::Valid => Some(settings.key.sign(&document)?),
        SignatureFault::Forged => Some(settings.forged_key.sign(&document)?),
        SignatureFault::PreviousKey => Some(settings.previous_key.sign(&document)?),
        SignatureFault::Truncated => {
            let mut signature = settings.key.sign(&document)?;
            signature.truncate(signature.len() / 2);
            Some(signature)
        }
        SignatureFault::Missing => None,
    })
}

#[cfg(test)]
mod tests;

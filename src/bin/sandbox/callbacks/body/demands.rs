//! What the platform demands of a shop that uses Gate: to lead the customer to the provider, or to tell more.
//! The Payment Page does both itself, so callbacks of its payments have no such members.

use crate::{
    callbacks::body::parts::RedirectData,
    payments::{
        operation::{Operation, OperationType},
        payment::Payment,
        verdict::AWAITING_REDIRECT,
    },
};
use serde_json::{Value, json};
use storefront::platform::Method;

/// The member of Payco's form that proves the body was sent along.
pub const ORDER: &str = "order";

/// Where the customer goes. The samples show a filled, an empty and a list-like body, all with GET; so that shops meet
/// a form, too, Payco's is a POST here (careful reading: a body with members is sent as form fields).
pub fn redirect_data(payment: &Payment, operation: &Operation) -> Option<RedirectData> {
    let origin = payment.gate_origin.as_deref()?;
    if payment.status.as_str() != AWAITING_REDIRECT.status || operation.operation_type != OperationType::Sale {
        return None;
    }
    let (method, body) = match payment.method {
        Method::Payco => ("POST", json!({ ORDER: operation.provider_payment_id, "seller": "sandbox" })),
        Method::PayMaya => ("GET", json!({})),
        Method::Bancontact => ("GET", json!([])),
    };
    Some(RedirectData { body, method, url: format!("{origin}{}", payment.provider_address()) })
}

/// What is missing, by section and name. Careful reading: the shape is published nowhere; this one mirrors the request
/// that answers it, `additional_data.customer.last_name`.
pub fn clarification_fields(payment: &Payment) -> Option<Value> {
    let last_name = || json!({ "type": "text", "label": "Last name", "min_length": 1, "max_length": 100 });
    payment.awaits_clarification().then(|| json!({ "customer": { "last_name": last_name() } }))
}

//! The body of a callback: members, order and types as in the platform's samples of each method.
//!
//! No sample shows a step in between (`processing`, `awaiting redirect result`). Careful reading: such a callback has
//! the shape of the method's decline, which carries nothing that only a finished payment knows.

mod demands;
mod fill;
mod parts;
mod subject;

use crate::{
    faults::{Faults, SignatureFault},
    payments::{operation::Operation, payment::Payment},
    running::settings::Settings,
    sandbox::Unwritable,
};
use serde_json::{Value, json};
use storefront::protocol::signed::json::Json;

pub use crate::callbacks::body::{demands::ORDER, subject::Subject};

/// The body of the callback that tells this state, signed as the faults demand.
pub fn signed_body(subject: Subject, faults: &Faults, settings: &Settings) -> Result<String, Unwritable> {
    let mut body = serde_json::to_string(&fill::body(subject, faults))?;
    if let Some(signature) = signature(&body, faults.signature, settings)? {
        // Last at top level; Base64 needs no escaping.
        body.pop();
        body.push_str(&format!(r#","signature":"{signature}"}}"#));
    }
    Ok(body)
}

/// The answer to a status request, still to be signed: the payment as callbacks of its first operation tell it, and every
/// operation as they tell it. The faults of amount and currency apply here, too.
pub fn status_document(payment: &Payment, operations: &[Operation], faults: &Faults) -> Result<Value, Unwritable> {
    let bodies = operations.iter().map(|operation| fill::body(Subject { payment, operation, refunded: 0 }, faults));
    let bodies = bodies.map(serde_json::to_value).collect::<Result<Vec<Value>, _>>()?;
    let mut document = bodies.first().cloned().unwrap_or_else(|| json!({}));
    let each: Vec<Value> = bodies.into_iter().map(|mut body| body["operation"].take()).collect();
    if let Some(members) = document.as_object_mut() {
        members.remove("operation");
        members.insert("operations".to_owned(), Value::Array(each));
    }
    Ok(document)
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

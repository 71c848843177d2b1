//! The platform's side: callbacks in the shapes of its own samples, signed with the project's key.

use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::protocol::{
    sandbox,
    signed::{json::Json, signature::Key},
};

use crate::customer::Purchase;

/// A callback before it is signed.
#[derive(Debug, Clone)]
pub struct Callback(pub Value);

impl Callback {
    /// About the sale of a purchase; status and operation agree, amount and currency are the purchase's.
    pub fn sale(purchase: &Purchase, status: &str) -> Self {
        let sum = json!({ "amount": purchase.amount(), "currency": purchase.currency() });
        let code = match status {
            "success" => "0",
            "decline" => "20000",
            _ => "9999",
        };
        Self(json!({
            "project_id": sandbox::PROJECT_ID,
            "payment": {
                "id": purchase.payment_id(),
                "type": "purchase",
                "status": status,
                "date": "2026-11-23T10:44:49+0000",
                "method": "bancontact",
                "sum": sum,
                "description": "",
            },
            "customer": { "id": purchase.parameter("customer_id") },
            "operation": {
                "id": 123,
                "type": "sale",
                "status": status,
                "date": "2026-11-23T10:44:49+0000",
                "created_date": "2026-11-23T10:44:41+0000",
                "request_id": "46d13cf06a05f023ab53dd2d31c537a7-bd729b81...0001",
                "sum_initial": sum,
                "sum_converted": sum,
                "code": code,
                "message": "Success",
                "provider": { "id": 12345, "payment_id": "ABC12345", "auth_code": "" },
            },
        }))
    }

    /// About a refund of some of it; the payment's own sum is what the samples show there: not dependable.
    pub fn refund(purchase: &Purchase, payment_status: &str, operation_status: &str, minor: u64) -> Self {
        let sum = json!({ "amount": minor, "currency": purchase.currency() });
        Self::sale(purchase, payment_status)
            .with("/operation/type", json!("refund"))
            .with("/operation/status", json!(operation_status))
            .with("/operation/sum_initial", sum.clone())
            .with("/operation/sum_converted", sum)
            .with("/payment/sum/amount", json!(0))
    }

    /// Sets what a JSON pointer leads to, or adds it to the object it would be in.
    pub fn with(mut self, pointer: &str, value: Value) -> Self {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = self.0.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        parent.insert(name.to_owned(), value);
        self
    }

    pub fn without(mut self, pointer: &str) -> Self {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        self.0.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(name);
        self
    }

    /// Signed with the sandbox's key.
    pub fn signed(&self) -> String {
        self.signed_with(sandbox::PROJECT_SECRET)
    }

    pub fn signed_with(&self, secret: &str) -> String {
        signed(&self.0.to_string(), secret)
    }
}

/// A JSON object's text with its signature as its last member; all else stays letter for letter.
pub fn signed(object: &str, secret: &str) -> String {
    let signature = json!(signature_of(object, secret));
    let open = object.trim_end().strip_suffix('}').expect("an object");
    let comma = if open.trim_end().ends_with('{') { "" } else { "," };
    format!("{open}{comma}\"signature\":{signature}}}")
}

pub fn signature_of(object: &str, secret: &str) -> String {
    let document = Json::parse_object(object.as_bytes()).expect("a JSON object");
    Key::new(&SecretString::from(secret)).expect("a key").sign(&document).expect("something that can be signed")
}

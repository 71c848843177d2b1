//! Callbacks in the shapes of the platform's samples, signed with the project's key.

use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::protocol::{
    sandbox,
    signed::{json::Json, signature::Key},
};

use crate::kit::Purchase;

/// A callback before it is signed.
#[derive(Debug, Clone)]
pub struct Callback(pub Value);

impl Callback {
    /// A published sample, `tests/callbacks/NAME.json`, without its signature.
    pub fn recorded(name: &str) -> Self {
        let file = format!("{}/tests/callbacks/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).expect(&file);
        Self(serde_json::from_str(&text).expect("JSON")).without("/signature")
    }

    /// About the sale of a purchase; status and operation agree, amount and currency are the purchase's.
    pub fn sale(purchase: &Purchase, status: &str) -> Self {
        let sum = json!({ "amount": purchase.amount(), "currency": purchase.currency() });
        let at = json!("2026-11-23T10:44:49+0000");
        let code = match status {
            "success" => "0",
            "decline" => "20000",
            _ => "9999",
        };
        Self::recorded("payco_sale_success")
            .with("/project_id", json!(sandbox::PROJECT_ID))
            .with("/payment/id", json!(purchase.payment_id()))
            .with("/payment/status", json!(status))
            .with("/payment/date", at.clone())
            .with("/payment/method", json!("bancontact"))
            .with("/payment/sum", sum.clone())
            .with("/customer/id", json!(purchase.parameter("customer_id")))
            .with("/operation/status", json!(status))
            .with("/operation/date", at.clone())
            .with("/operation/created_date", at)
            .with("/operation/code", json!(code))
            .with("/operation/sum_initial", sum.clone())
            .with("/operation/sum_converted", sum)
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

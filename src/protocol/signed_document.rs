//! JSON objects that carry their own signature: callbacks, Gate's requests and answers, the Data API's.

use serde_json::Value;

use super::{
    json::{Json, JsonError},
    signature::{Key, Unsignable},
};

/// Larger bodies are refused. Real ones stay below 20 kB, registers aside.
pub const MAX_BYTES: usize = 256 * 1024;

/// A JSON object whose signature was checked, without any signature. [`SignedDocument::verify`] is the only way to one.
#[derive(Debug)]
pub struct SignedDocument(Json);

/// Why a body is no such object. The names are part of the outside contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("too_large")]
    TooLarge,
    #[error(transparent)]
    Unreadable(#[from] JsonError),
    #[error(transparent)]
    Unsignable(#[from] Unsignable),
    #[error("signature_missing")]
    SignatureMissing,
    #[error("signature_wrong")]
    SignatureWrong,
    /// Signed, but no callback: something else this project's key once signed.
    #[error("not_a_callback")]
    NotACallback,
}

/// Why a body of our own cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error(transparent)]
    Unreadable(#[from] JsonError),
    #[error(transparent)]
    Unsignable(#[from] Unsignable),
}

impl SignedDocument {
    /// Checks a body against keys: the present one, and the previous one during a rotation.
    pub fn verify(body: &[u8], keys: &[Key]) -> Result<Self, Refused> {
        if body.len() > MAX_BYTES {
            return Err(Refused::TooLarge);
        }
        let mut document = Json::parse_object(body)?;
        let signature = signature_of(&document).ok_or(Refused::SignatureMissing)?;
        remove_signatures(&mut document);
        let mut known = false;
        for key in keys {
            known |= key.signed(&document, &signature)?;
        }
        if known { Ok(Self(document)) } else { Err(Refused::SignatureWrong) }
    }

    pub fn json(&self) -> &Json {
        &self.0
    }

    /// `project_id`, at top level or in `general`.
    pub fn project_id(&self) -> Option<u64> {
        match self.top_or_general("project_id")? {
            Json::Integer(id) => u64::try_from(*id).ok(),
            Json::Text(id) => id.parse().ok(),
            _ => None,
        }
    }

    /// A status answer as one document for each operation that still tells something: the newest sale or payout, then
    /// every refund. Anything else is one document.
    pub(super) fn for_each_operation(self) -> Vec<Self> {
        let Json::Object(members) = self.0 else { return Vec::new() };
        let (listed, rest): (Vec<_>, Vec<_>) = members.into_iter().partition(|(name, _)| name == "operations");
        let Some((_, Json::List(operations))) = listed.into_iter().next() else { return vec![Self(Json::Object(rest))] };
        let is_refund = |operation: &Json| matches!(text(operation, "type"), Some("refund" | "reversal"));
        let (refunds, others): (Vec<Json>, Vec<Json>) = operations.into_iter().partition(is_refund);
        let newest = others.into_iter().max_by_key(number);
        let of = |operation: Json| {
            let mut document = rest.clone();
            forget_refund_name(&mut document);
            if text(&operation, "type") == Some("sale") && text(&operation, "status") == Some("success") {
                stands_as_paid(&mut document, &operation);
            }
            document.push(("operation".to_owned(), operation));
            Self(Json::Object(document))
        };
        match newest {
            None if refunds.is_empty() => vec![Self(Json::Object(rest))],
            newest => newest.into_iter().chain(refunds).map(of).collect(),
        }
    }

    fn top_or_general(&self, name: &str) -> Option<&Json> {
        self.0.get(name).or_else(|| self.0.at(&["general", name]))
    }
}

/// Which of several refunds the payment's own name of one means, nobody knows: the operation's id tells them apart.
fn forget_refund_name(document: &mut [(String, Json)]) {
    if let Some((_, Json::Object(payment))) = document.iter_mut().find(|(name, _)| name == "payment") {
        payment.retain(|(name, _)| name != "merchant_refund_id");
    }
}

/// A sale that succeeded did so whatever was refunded since, and over its own sum: that of the payment may be 0 by now.
fn stands_as_paid(document: &mut [(String, Json)], sale: &Json) {
    let payment = document.iter_mut().find(|(name, _)| name == "payment");
    let Some((_, Json::Object(payment))) = payment else { return };
    let is_refunded =
        |value: &Json| value.as_text().is_some_and(|status| status.contains("refunded") || status.contains("reversed"));
    if !payment.iter().any(|(name, value)| name == "status" && is_refunded(value)) {
        return;
    }
    for (name, value) in payment {
        match (name.as_str(), sale.get("sum_initial")) {
            ("status", _) => *value = Json::Text("success".to_owned()),
            ("sum", Some(sum)) => *value = sum.clone(),
            _ => {}
        }
    }
}

fn text<'a>(object: &'a Json, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Json::as_text)
}

/// Ids of operations grow.
fn number(operation: &Json) -> i64 {
    match operation.get("id") {
        Some(Json::Integer(id)) => *id,
        Some(Json::Text(id)) => id.parse().unwrap_or(0),
        _ => 0,
    }
}

/// Where a body carries its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `general.signature`: Gate.
    General,
    /// `signature`: callbacks, the Data API.
    Top,
}

/// The text of an object with the signature over all of it.
pub fn signed(mut body: Value, place: Place, key: &Key) -> Result<String, Unwritable> {
    let signature = key.sign(&Json::parse_object(body.to_string().as_bytes())?)?;
    let holder = match place {
        Place::General => body.get_mut("general").and_then(Value::as_object_mut),
        Place::Top => body.as_object_mut(),
    };
    let holder = holder.ok_or(JsonError::NotAnObject)?;
    holder.insert(SIGNATURE.to_owned(), Value::String(signature));
    Ok(body.to_string())
}

const SIGNATURE: &str = "signature";

/// The signature stands at top level, else in `general`, nowhere else. An empty one at top level is none at all.
fn signature_of(document: &Json) -> Option<String> {
    let member = match document.get(SIGNATURE) {
        None | Some(Json::Null) => document.at(&["general", SIGNATURE]),
        member => member,
    };
    member.and_then(Json::as_text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Members named `signature` are not signed, at whatever depth; those that are null are (as the reference has it).
fn remove_signatures(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.retain(|(name, value)| name != SIGNATURE || *value == Json::Null);
            members.iter_mut().for_each(|(_, value)| remove_signatures(value));
        }
        Json::List(items) => items.iter_mut().for_each(remove_signatures),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_signed_verifies_wherever_its_signature_stands() {
        let key = Key::new(&"secret".to_owned().into()).unwrap();
        for place in [Place::General, Place::Top] {
            let body = json!({ "general": { "project_id": 3000, "payment_id": "a" }, "payment": { "amount": 1 } });
            let text = signed(body, place, &key).unwrap();
            let document = SignedDocument::verify(text.as_bytes(), std::slice::from_ref(&key)).unwrap();
            assert_eq!(document.project_id(), Some(3000));
            let changed = text.replace("\"amount\":1", "\"amount\":2");
            let refused = SignedDocument::verify(changed.as_bytes(), std::slice::from_ref(&key));
            assert_eq!(refused.unwrap_err(), Refused::SignatureWrong);
        }
        assert_eq!(signed(json!({}), Place::General, &key).unwrap_err(), Unwritable::Unreadable(JsonError::NotAnObject));
    }
}

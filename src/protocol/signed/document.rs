//! JSON objects that carry their own signature: callbacks, Gate's requests and answers, the Data API's.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    document_limits::Limits,
    json::{Json, JsonError},
    members::{GENERAL_PROJECT_ID, PROJECT_ID},
    signature::{FRAME_MODE, Key, Signature, Unsignable, each_pair, string_to_sign},
};

/// A JSON object within its limits that carries a signature of the right form, which is not checked yet.
#[derive(Debug)]
pub struct Unchecked {
    object: Json,
    signature: Signature,
    signed_bytes: usize,
}

/// A JSON object whose signature was checked and removed. Verifying is the only way to make one.
#[derive(Debug)]
pub struct SignedDocument {
    object: Json,
    digest: [u8; 32],
}

/// Which project a document is about, by what it says at top level and in `general`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedProject {
    NotNamed,
    One(u64),
    /// Two different ones, or something that is not the number of a project.
    Unclear,
}

/// Why a body is not such an object. The names are part of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRefused {
    #[error(transparent)]
    Unreadable(#[from] JsonError),
    #[error(transparent)]
    Unsignable(#[from] Unsignable),
    #[error("signature_missing")]
    SignatureMissing,
    #[error("signature_wrong")]
    SignatureWrong,
    /// Signed, but by the shop itself: parameters of the Payment Page, which every customer can read.
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

impl Unchecked {
    /// Reads a body, in time proportional to its length.
    pub fn read(limits: &Limits, body: &[u8]) -> Result<Self, DocumentRefused> {
        let counted = Json::parse_within(limits, body)?;
        let signature = signature_of(&counted.object).ok_or(DocumentRefused::SignatureMissing)?;
        let signature = Signature::parse(signature).ok_or(DocumentRefused::SignatureWrong)?;
        Ok(Self { signature, object: counted.object, signed_bytes: counted.signed_bytes })
    }

    /// The most bytes that checking has to sign, which is its cost.
    pub fn signed_bytes(&self) -> usize {
        self.signed_bytes
    }

    /// Checks it against keys: the present one, and the previous one during a rotation.
    pub fn check(self, keys: &[Key]) -> Result<SignedDocument, DocumentRefused> {
        let mut object = self.object;
        remove_unsigned(&mut object);
        let text = string_to_sign(&object)?;
        let known = keys.iter().fold(false, |known, key| known | key.signed_text(&text, &self.signature));
        if known {
            Ok(SignedDocument { object, digest: Sha256::digest(&text).into() })
        } else {
            Err(DocumentRefused::SignatureWrong)
        }
    }
}

impl SignedDocument {
    /// Reads and checks a body from an unknown sender.
    pub fn verify(body: &[u8], keys: &[Key]) -> Result<Self, DocumentRefused> {
        Self::verify_within(&Limits::DOCUMENT, body, keys)
    }

    /// The same within other limits.
    pub fn verify_within(limits: &Limits, body: &[u8], keys: &[Key]) -> Result<Self, DocumentRefused> {
        Unchecked::read(limits, body)?.check(keys)
    }

    pub fn json(&self) -> &Json {
        &self.object
    }

    /// SHA-256 of the signed text: the same for bodies that differ only in spelling.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    pub fn project(&self) -> NamedProject {
        let told = [PROJECT_ID, GENERAL_PROJECT_ID].into_iter().filter_map(|member| member.of(&self.object));
        let ids = told.filter(|value| **value != Json::Null).map(|value| match value {
            Json::Integer(id) => u64::try_from(*id).ok(),
            Json::Text(id) => id.parse().ok(),
            _ => None,
        });
        let one = |known: NamedProject, id| match (known, id) {
            (NamedProject::NotNamed, Some(id)) => NamedProject::One(id),
            (NamedProject::One(known), Some(id)) if known == id => NamedProject::One(id),
            _ => NamedProject::Unclear,
        };
        ids.fold(NamedProject::NotNamed, one)
    }
}

impl fmt::Display for NamedProject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NamedProject::NotNamed => f.write_str("no project"),
            NamedProject::One(id) => write!(f, "project {id}"),
            NamedProject::Unclear => f.write_str("an unclear project"),
        }
    }
}

/// Where a body carries its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignaturePlace {
    /// `general.signature`: Gate.
    General,
    /// `signature`: callbacks, the Data API.
    Top,
}

/// The text of an object, with the signature over all of it added.
pub fn signed(mut body: Value, place: SignaturePlace, key: &Key) -> Result<String, Unwritable> {
    // The strict limits are only for bodies of others.
    let object = Json::parse_within(&Limits::TYPED, body.to_string().as_bytes())?.object;
    let signature = key.sign(&object)?;
    let holder = match place {
        SignaturePlace::General => body.get_mut("general").and_then(Value::as_object_mut),
        SignaturePlace::Top => body.as_object_mut(),
    };
    let holder = holder.ok_or(JsonError::NotAnObject)?;
    holder.insert(SIGNATURE.to_owned(), Value::String(signature));
    Ok(body.to_string())
}

/// Whether two bodies with the same signed text also have the same members, however each value is spelled. Otherwise one holds
/// in a value what the other has as members, and neither can replace the other.
pub fn reads_alike(one: &[u8], other: &[u8]) -> bool {
    let pairs = |body: &[u8]| {
        let mut object = Json::parse_within(&Limits::STATUS, body).ok()?.object;
        remove_unsigned(&mut object);
        let mut pairs = Vec::new();
        each_pair(&object, &mut |place, _, spelled| pairs.push((place.path().to_owned(), spelled.to_owned())));
        pairs.sort();
        Some(pairs)
    };
    pairs(one).is_some_and(|one| pairs(other) == Some(one))
}

const SIGNATURE: &str = "signature";

/// The signature at top level, else in `general`. If the one at top level is empty, there is none.
fn signature_of(document: &Json) -> Option<&str> {
    let member = match document.get(SIGNATURE) {
        None | Some(Json::Null) => document.at(&["general", SIGNATURE]),
        member => member,
    };
    member.and_then(Json::as_text).filter(|text| !text.is_empty())
}

/// Removes members named `signature` or `frame_mode` at any depth: they are not signed, so they must not be trusted.
/// A `signature` that is null is signed, as in the reference.
fn remove_unsigned(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.retain(|(name, value)| name != FRAME_MODE && (name != SIGNATURE || *value == Json::Null));
            members.iter_mut().for_each(|(_, value)| remove_unsigned(value));
        }
        Json::List(items) => items.iter_mut().for_each(remove_unsigned),
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
        for place in [SignaturePlace::General, SignaturePlace::Top] {
            let body = json!({ "general": { "project_id": 3000, "payment_id": "a" }, "payment": { "amount": 1 } });
            let text = signed(body, place, &key).unwrap();
            let document = SignedDocument::verify(text.as_bytes(), std::slice::from_ref(&key)).unwrap();
            assert_eq!(document.project(), NamedProject::One(3000));
            let changed = text.replace("\"amount\":1", "\"amount\":2");
            let refused = SignedDocument::verify(changed.as_bytes(), std::slice::from_ref(&key));
            assert_eq!(refused.unwrap_err(), DocumentRefused::SignatureWrong);
        }
        assert_eq!(signed(json!({}), SignaturePlace::General, &key).unwrap_err(), Unwritable::Unreadable(JsonError::NotAnObject));
    }
}

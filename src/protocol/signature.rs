//! Signatures of the platform: HMAC-SHA512 over the sorted `path:value` pairs of a JSON object, in Base64.
//!
//! The reference is the official PHP SDK; `tests/vectors` hold what it gives. Values are joined unescaped,
//! so two different objects can share one signature. Whoever signs must refuse `;` in values first
//! (see [`super::payment_page`]); whoever checks must look at [`ambiguity`].

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;

use super::{json::Json, natural_order::natural_order};

/// A project's key. Never empty; prints as `[redacted]`; wiped from memory when dropped.
#[derive(Clone)]
pub struct Key(Hmac<Sha512>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is empty")]
pub struct EmptyKey;

/// Why an object is not signed. The names are part of the outside contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// PHP renumbers top-level members with integer names: order changes and members may be lost.
    #[error("integer_member_name")]
    IntegerMemberName,
    /// PHP drops an empty top-level name from the paths of what is nested in it.
    #[error("empty_member_name")]
    EmptyMemberName,
}

impl Key {
    /// The key is the secret's raw bytes: nothing in it is decoded.
    pub fn new(secret: &SecretString) -> Result<Self, EmptyKey> {
        let secret = secret.expose_secret().as_bytes();
        if secret.is_empty() {
            return Err(EmptyKey);
        }
        // An HMAC key may have any other length.
        Hmac::new_from_slice(secret).map(Self).map_err(|_| EmptyKey)
    }

    /// The signature of an object, 88 characters of Base64.
    pub fn sign(&self, object: &Json) -> Result<String, Unsignable> {
        Ok(STANDARD.encode(self.mac(object)?.finalize().into_bytes()))
    }

    /// Whether this is the object's signature: whole length, constant time.
    pub fn signed(&self, object: &Json, signature: &str) -> Result<bool, Unsignable> {
        let mac = self.mac(object)?;
        Ok(STANDARD.decode(signature).is_ok_and(|given| mac.verify_slice(&given).is_ok()))
    }

    /// Another key, that tells nothing of this one: for a purpose of the shop's own. Its name has no `:`, so it is no text that
    /// is ever signed.
    pub fn derived(&self, purpose: &str) -> [u8; 64] {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn mac(&self, object: &Json) -> Result<Hmac<Sha512>, Unsignable> {
        let mut mac = self.0.clone();
        mac.update(string_to_sign(object)?.as_bytes());
        Ok(mac)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// The text that is signed: `path:value` pairs in natural order of the paths, joined with `;`.
pub fn string_to_sign(object: &Json) -> Result<String, Unsignable> {
    let mut pairs = Vec::new();
    if let Json::Object(members) = object {
        for (name, value) in members.iter().filter(|(name, _)| name != FRAME_MODE) {
            if name.is_empty() && matches!(value, Json::Object(_) | Json::List(_)) {
                return Err(Unsignable::EmptyMemberName);
            }
            if is_php_integer(name) {
                return Err(Unsignable::IntegerMemberName);
            }
            flatten(&escaped(name), value, &mut pairs);
        }
    }
    pairs.sort_by(|(a, _), (b, _)| natural_order(a.as_bytes(), b.as_bytes()));
    let pairs: Vec<String> = pairs.into_iter().map(|(path, value)| format!("{path}:{value}")).collect();
    Ok(pairs.join(";"))
}

/// Left out at every depth by the platform and all SDKs: the embedding script sets it after signing.
const FRAME_MODE: &str = "frame_mode";

fn flatten(path: &str, value: &Json, pairs: &mut Vec<(String, String)>) {
    let text = match value {
        Json::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| name != FRAME_MODE) {
                flatten(&format!("{path}:{}", escaped(name)), value, pairs);
            }
            return;
        }
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{path}:{index}"), item, pairs);
            }
            return;
        }
        Json::Null => String::new(),
        Json::Bool(value) => u8::from(*value).to_string(),
        Json::Integer(value) => value.to_string(),
        Json::Unusual(value) => value.to_string(),
        Json::Text(text) => text.clone(),
    };
    pairs.push((path.to_owned(), text));
}

/// A colon inside a name is doubled, so that it is not taken for a level.
fn escaped(name: &str) -> String {
    name.replace(':', "::")
}

/// Names that PHP arrays turn into integers: `0`, `42`, `-7`, not `007` or `-0`.
fn is_php_integer(name: &str) -> bool {
    name.parse::<i64>().is_ok_and(|number| number.to_string() == name)
}

/// Why a signed object could be read in two ways. Nothing may move on its word alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguity {
    #[error("a value holds ;")]
    SemicolonInValue,
    #[error("a member name holds : or ;")]
    DelimiterInName,
    #[error("a number the SDKs spell differently")]
    UnusualNumber,
}

/// The largest integer that every SDK keeps exactly.
const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// The first reason, in document order, why this object's signature could stand for another object.
pub fn ambiguity(value: &Json) -> Option<Ambiguity> {
    match value {
        Json::Text(text) => text.contains(';').then_some(Ambiguity::SemicolonInValue),
        Json::Unusual(_) => Some(Ambiguity::UnusualNumber),
        Json::Integer(number) => (number.unsigned_abs() > LARGEST_EXACT).then_some(Ambiguity::UnusualNumber),
        Json::List(items) => items.iter().find_map(ambiguity),
        Json::Object(members) => members
            .iter()
            .find_map(|(name, value)| if name.contains([':', ';']) { Some(Ambiguity::DelimiterInName) } else { ambiguity(value) }),
        Json::Null | Json::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_redacts_itself_and_is_wiped_when_dropped() {
        // What an HMAC keeps of its key are states of its hash, and nothing else.
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<Sha512>();
        wiped::<SecretString>();
        let key = Key::new(&"a very secret key".into()).unwrap();
        assert_eq!(format!("{key:?}"), "Key([redacted])");
        assert!(Key::new(&"".into()).is_err());
    }

    #[test]
    fn numbers_are_spelled_as_php_spells_them() {
        for (json, spelled) in [
            (r#"{"a":1.0}"#, "a:1"),
            (r#"{"a":10.50}"#, "a:10.5"),
            (r#"{"a":1e13}"#, "a:10000000000000"),
            (r#"{"a":1e14}"#, "a:1.0E+14"),
            (r#"{"a":0.0001}"#, "a:0.0001"),
            (r#"{"a":0.00001}"#, "a:1.0E-5"),
            (r#"{"a":-0.0}"#, "a:-0"),
            (r#"{"a":123456.789}"#, "a:123456.789"),
            (r#"{"a":9223372036854775808}"#, "a:9.2233720368548E+18"),
        ] {
            let object = Json::parse_object(json.as_bytes()).unwrap();
            assert_eq!(string_to_sign(&object).as_deref(), Ok(spelled), "{json}");
        }
    }
}

//! Signatures of the platform: HMAC-SHA512 over the sorted `path:value` pairs of a JSON object, in Base64.
//!
//! The reference is the official PHP SDK; `tests/vectors` hold its results. Values are joined without escaping,
//! so two different objects can share one signature. Code that signs must refuse `;` in values first
//! (see [`crate::protocol::payment_page`]); code that checks must use [`super::ambiguity`].

use std::{fmt, ops::Range};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;

use super::{json::Json, natural_order::extend_key};

/// A project's key. Never empty; prints as `[redacted]`; wiped from memory when dropped.
#[derive(Clone)]
pub struct Key(Hmac<Sha512>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is empty")]
pub struct EmptyKey;

/// 64 bytes that came as a signature. Only their form was checked.
#[derive(Debug, Clone, Copy)]
pub struct Signature([u8; 64]);

/// Why an object is not signed. The names are part of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// PHP renumbers top-level members with integer names: order changes and members may be lost.
    #[error("integer_member_name")]
    IntegerMemberName,
    /// PHP drops an empty top-level name from the paths of what is nested in it.
    #[error("empty_member_name")]
    EmptyMemberName,
}

impl Signature {
    /// 88 characters of Base64; `None`: anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 88 {
            return None;
        }
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }
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
        Ok(STANDARD.encode(self.mac(&string_to_sign(object)?).finalize().into_bytes()))
    }

    /// Whether this is the object's signature.
    pub fn signed(&self, object: &Json, signature: &str) -> Result<bool, Unsignable> {
        let Some(signature) = Signature::parse(signature) else { return Ok(false) };
        Ok(self.signed_text(&string_to_sign(object)?, &signature))
    }

    /// Derives another key for a purpose of the shop; it reveals nothing of this key. `purpose` must hold no `:`, so that it is
    /// never a text that is signed.
    pub fn derived(&self, purpose: &str) -> [u8; 64] {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Whether this is the signature of a text to sign. Compares the whole length in constant time.
    pub fn signed_text(&self, text: &str, signature: &Signature) -> bool {
        self.mac(text).verify_slice(&signature.0).is_ok()
    }

    fn mac(&self, text: &str) -> Hmac<Sha512> {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        mac
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// The text that is signed: `path:value` pairs in natural order of the paths, joined with `;`.
pub fn string_to_sign(object: &Json) -> Result<String, Unsignable> {
    check_names(object)?;
    let mut pairs = String::new();
    let mut places: Vec<(Vec<u8>, Range<usize>)> = Vec::new();
    each_pair(object, &mut |place, _, value| {
        let start = pairs.len();
        pairs.extend([place.path(), ":", value]);
        places.push((place.key.clone(), start..pairs.len()));
    });
    // Equal paths keep their order: the sort is stable.
    places.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut text = String::with_capacity(pairs.len() + places.len());
    for (_, place) in places {
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&pairs[place]);
    }
    Ok(text)
}

/// Left out at every depth by the platform and all SDKs: the embedding script sets it after signing.
pub const FRAME_MODE: &str = "frame_mode";

fn check_names(object: &Json) -> Result<(), Unsignable> {
    let Json::Object(members) = object else { return Ok(()) };
    for (name, value) in members.iter().filter(|(name, _)| name != FRAME_MODE) {
        if name.is_empty() && matches!(value, Json::Object(_) | Json::List(_)) {
            return Err(Unsignable::EmptyMemberName);
        }
        if is_php_integer(name) {
            return Err(Unsignable::IntegerMemberName);
        }
    }
    Ok(())
}

/// Where a value stands in an object.
#[derive(Default)]
pub struct Place {
    path: String,
    /// The key by which paths are sorted.
    key: Vec<u8>,
}

impl Place {
    /// The names that lead there, joined with colons.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Calls `act` with the place one name further down.
    fn below(&mut self, name: &str, act: impl FnOnce(&mut Self)) {
        let (path, key) = (self.path.len(), self.key.len());
        self.path.push_str(name);
        extend_key(&mut self.key, &self.path.as_bytes()[path..]);
        act(self);
        self.path.truncate(path);
        self.key.truncate(key);
    }
}

/// Calls `found` for every signed value, with its place, the value and its spelling, in the object's own order.
pub fn each_pair(object: &Json, found: &mut dyn FnMut(&Place, &Json, &str)) {
    walk(&mut Place::default(), object, found);
}

fn walk(place: &mut Place, value: &Json, found: &mut dyn FnMut(&Place, &Json, &str)) {
    let mut below = |name: String, value: &Json| match value {
        Json::Object(_) | Json::List(_) => place.below(&(name + ":"), |place| walk(place, value, found)),
        Json::Null => place.below(&name, |place| found(place, value, "")),
        Json::Bool(flag) => place.below(&name, |place| found(place, value, if *flag { "1" } else { "0" })),
        Json::Integer(number) => place.below(&name, |place| found(place, value, &number.to_string())),
        Json::Unusual(number) => place.below(&name, |place| found(place, value, &number.to_string())),
        Json::Text(text) => place.below(&name, |place| found(place, value, text)),
    };
    match value {
        // A colon inside a name is doubled, so that it is not taken for a level.
        Json::Object(members) => {
            let signed = members.iter().filter(|(name, _)| name != FRAME_MODE);
            signed.for_each(|(name, value)| below(name.replace(':', "::"), value));
        }
        Json::List(items) => items.iter().enumerate().for_each(|(index, item)| below(index.to_string(), item)),
        // Only values inside an object or a list have a place.
        Json::Null | Json::Bool(_) | Json::Integer(_) | Json::Unusual(_) | Json::Text(_) => {}
    }
}

/// Names that PHP arrays turn into integers: `0`, `42`, `-7`, not `007` or `-0`.
fn is_php_integer(name: &str) -> bool {
    name.parse::<i64>().is_ok_and(|number| number.to_string() == name)
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

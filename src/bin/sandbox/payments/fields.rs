//! Names and values: the parameters of a payment, and what came in a query or a form, in the order they came.
//!
//! Reading is stricter than browsers' own rules: a name given twice, or bytes that are no UTF-8, could be read in two ways
//! by the side that signs and the side that checks. Both are refused.

use percent_encoding::percent_decode;
use serde::{Deserialize, Serialize};
use storefront::protocol::signed::document_limits::Limits;

/// What a query or a form body holds.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields(pub Vec<(String, String)>);

/// Why a query or a form body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("bytes that are no UTF-8")]
    NotUtf8,
    #[error("the name {0} twice")]
    GivenTwice(String),
    #[error("more than {} fields", Limits::DOCUMENT.members)]
    TooMany,
}

impl Fields {
    /// Those of the pairs that have a value.
    pub fn of<const N: usize>(pairs: [(&str, Option<&str>); N]) -> Self {
        Self(pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect())
    }

    /// Reads `name=value&…` as browsers and SDKs write it.
    pub fn parse(raw: &[u8]) -> Result<Self, Unreadable> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            if fields.len() == Limits::DOCUMENT.members {
                return Err(Unreadable::TooMany);
            }
            let (name, value) = (decoded(name)?, decoded(value)?);
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(Unreadable::GivenTwice(name));
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// The value of a name, perhaps empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value that is there and not empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Gives the name this value, and no other.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

fn decoded(encoded: &[u8]) -> Result<String, Unreadable> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let text = percent_decode(&spaced).decode_utf8().map_err(|_| Unreadable::NotUtf8)?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_decoding_are_kept() {
        let parsed = Fields::parse("b=1+2&a=%ED%95%9C%3B&c&d=&e=f=g".as_bytes());
        let pairs = [("b", "1 2"), ("a", "한;"), ("c", ""), ("d", ""), ("e", "f=g")];
        assert_eq!(parsed, Ok(Fields::of(pairs.map(|(name, value)| (name, Some(value))))));
    }

    #[test]
    fn a_name_given_twice_is_refused_however_it_is_written() {
        assert_eq!(Fields::parse(b"a=1&%61=2"), Err(Unreadable::GivenTwice("a".to_owned())));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        assert_eq!(Fields::parse(b"a=%ff"), Err(Unreadable::NotUtf8));
        assert_eq!(Fields::parse(b"\xff=1"), Err(Unreadable::NotUtf8));
    }
}

//! JSON read strictly: order and number kinds are kept, and what could be read in two ways is refused.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Deeper documents are refused. The deepest real one has five levels.
pub const MAX_DEPTH: usize = 110;

/// A JSON value with its members in the order they came.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    /// A fraction, an exponent, or an integer outside 64 bits. The official SDKs spell these differently.
    Unusual(UnusualNumber),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// A number that is not a plain 64-bit integer. No money: it is only spelled, and nothing acts on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnusualNumber(f64);

/// Why a text is not acceptable JSON. The names are part of the outside contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("not_json")]
    NotJson,
    #[error("not_an_object")]
    NotAnObject,
    #[error("duplicate_member")]
    DuplicateMember,
    #[error("too_deep")]
    TooDeep,
    #[error("number_out_of_range")]
    NumberOutOfRange,
}

impl Json {
    /// Reads one JSON object; white space may surround it, nothing else.
    pub fn parse_object(bytes: &[u8]) -> Result<Json, JsonError> {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let value = ValueAt { depth: 0 }.deserialize(&mut deserializer).map_err(|error| named(&error))?;
        deserializer.end().map_err(|_| JsonError::NotJson)?;
        match value {
            Json::Object(_) => Ok(value),
            _ => Err(JsonError::NotAnObject),
        }
    }

    /// The member of an object; `None` for anything else.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value below a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
}

const DUPLICATE: &str = "duplicate member";
const DEEP: &str = "too deep";

fn named(error: &serde_json::Error) -> JsonError {
    let text = error.to_string();
    if text.starts_with(DUPLICATE) {
        JsonError::DuplicateMember
    } else if text.starts_with(DEEP) || text.starts_with("recursion limit") {
        JsonError::TooDeep
    } else if text.starts_with("number out of range") {
        JsonError::NumberOutOfRange
    } else {
        JsonError::NotJson
    }
}

/// Reads a value that stands `depth` levels down.
#[derive(Clone, Copy)]
struct ValueAt {
    depth: usize,
}

impl ValueAt {
    fn below<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(DEEP));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for ValueAt {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueAt {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or_else(|_| Json::Unusual(UnusualNumber(value as f64)), Json::Integer))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Unusual(UnusualNumber(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let mut object = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(de::Error::custom(DUPLICATE));
            }
            object.push((key, members.next_value_seed(below)?));
        }
        Ok(Json::Object(object))
    }
}

/// As PHP writes it: 14 significant digits, `1.0E+14` from 15 digits on, `1.0E-5` below 0.0001.
impl fmt::Display for UnusualNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scientific = format!("{:.13e}", self.0.abs());
        let Some((mantissa, exponent)) = scientific.split_once('e') else {
            return f.write_str(&scientific);
        };
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
        let digits = digits.trim_end_matches('0');
        if self.0.is_sign_negative() {
            f.write_str("-")?;
        }
        if digits.is_empty() {
            return f.write_str("0");
        }
        if !(-4..14).contains(&exponent) {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            return write!(f, "{first}.{rest}E{exponent:+}");
        }
        let Ok(exponent) = usize::try_from(exponent) else {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            return write!(f, "0.{zeros}{digits}");
        };
        if digits.len() <= exponent + 1 {
            return write!(f, "{digits:0<width$}", width = exponent + 1);
        }
        let (whole, fraction) = digits.split_at(exponent + 1);
        write!(f, "{whole}.{fraction}")
    }
}

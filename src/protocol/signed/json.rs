//! JSON read strictly: the order of members and the kinds of numbers are kept, and repeated members are refused.
//! [`Limits`] are checked while reading, before any value is made.

use std::{cell::Cell, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document_limits::{Limits, Spent};
pub use super::json_error::JsonError;

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

/// A number that is not a plain 64-bit integer. It is never used as an amount, only spelled for signing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnusualNumber(f64);

/// A JSON object, and how much signing it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    pub object: Json,
    /// The most bytes that its text to sign may have.
    pub signed_bytes: usize,
}

impl Json {
    /// Reads one JSON object from an unknown sender; only white space may surround it.
    pub fn parse_object(bytes: &[u8]) -> Result<Json, JsonError> {
        Self::parse_within(&Limits::DOCUMENT, bytes).map(|counted| counted.object)
    }

    /// The same within other limits.
    pub fn parse_within(limits: &Limits, bytes: &[u8]) -> Result<Counted, JsonError> {
        if bytes.len() > limits.bytes {
            return Err(JsonError::TooLarge);
        }
        let (spent, refused) = (Spent::nothing_of(limits), Cell::new(None));
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let value = ValueAt { depth: 0, path_bytes: 0, spent: &spent, refused: &refused }.deserialize(&mut deserializer);
        let value = value.map_err(|error| refused.get().unwrap_or_else(|| named(&error)))?;
        deserializer.end().map_err(|_| JsonError::NotJson)?;
        match value {
            Json::Object(_) => Ok(Counted { object: value, signed_bytes: spent.signed_bytes() }),
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

fn named(error: &serde_json::Error) -> JsonError {
    let text = error.to_string();
    if text.starts_with("recursion limit") {
        JsonError::TooDeep
    } else if text.starts_with("number out of range") {
        JsonError::NumberOutOfRange
    } else {
        JsonError::NotJson
    }
}

/// The most bytes of a number's spelling, such as `-1.2345678901234E-308`.
const LONGEST_NUMBER: usize = 24;

/// Reads a value that is `depth` levels down, under a path of `path_bytes` bytes in the text to sign.
#[derive(Clone, Copy)]
struct ValueAt<'a> {
    depth: usize,
    path_bytes: usize,
    spent: &'a Spent<'a>,
    /// Why the text was refused, if it was: the JSON library passes on only the text of an error.
    refused: &'a Cell<Option<JsonError>>,
}

impl ValueAt<'_> {
    fn allowed<E: de::Error>(self, allowed: Result<(), JsonError>) -> Result<(), E> {
        allowed.map_err(|why| {
            self.refused.set(Some(why));
            E::custom(why)
        })
    }

    /// The level below.
    fn below<E: de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        self.allowed(self.spent.check_depth(depth))?;
        Ok(Self { depth, ..self })
    }

    /// The place of a member or element: its name or index and one separator make the path longer.
    fn under(self, name_bytes: usize) -> Self {
        Self { path_bytes: self.path_bytes + name_bytes + 1, ..self }
    }

    /// Counts the bytes of a value in the text to sign: its path, itself and one separator.
    fn spelled<E: de::Error>(self, value_bytes: usize, value: impl FnOnce() -> Json) -> Result<Json, E> {
        self.allowed(self.spent.signed(self.path_bytes + value_bytes + 1))?;
        Ok(value())
    }
}

impl<'de> DeserializeSeed<'de> for ValueAt<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueAt<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        self.spelled(0, || Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        self.spelled(1, || Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        self.spelled(LONGEST_NUMBER, || Json::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        let number = || i64::try_from(value).map_or_else(|_| Json::Unusual(UnusualNumber(value as f64)), Json::Integer);
        self.spelled(LONGEST_NUMBER, number)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        self.spelled(LONGEST_NUMBER, || Json::Unusual(UnusualNumber(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Json, E> {
        self.spelled(value.len(), || Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let mut list = Vec::new();
        let digits = |index: usize| index.checked_ilog10().map_or(1, |log| log as usize + 1);
        while let Some(item) = items.next_element_seed(below.under(digits(list.len())))? {
            self.allowed(self.spent.member())?;
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let mut object = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            self.allowed(self.spent.member())?;
            self.allowed(self.spent.check_name(&name))?;
            if !seen.insert(name.clone()) {
                self.allowed(Err(JsonError::DuplicateMember))?;
            }
            // A colon in a name is doubled in the text to sign.
            let colons = name.bytes().filter(|byte| *byte == b':').count();
            let value = members.next_value_seed(below.under(name.len() + colons))?;
            object.push((name, value));
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

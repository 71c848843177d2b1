//! Flags that come as words: most SDKs sign a boolean as 1 or 0 and send it as `true` or `false`, Python's as `True`.

use crate::{payments::fields::Fields, running::settings::Settings};
use storefront::protocol::{
    parameters::{self, ParameterKind},
    payment_page::is_signed,
};

/// The parameters with such words as they were signed. `None`: they are signed as they came, or not at all.
pub fn as_signed(fields: &Fields, signature: Option<&str>, settings: &Settings) -> Option<Fields> {
    let is_signed = |fields: &Fields| is_signed(&fields.0, signature?, &settings.key).ok().filter(|signed| *signed);
    let has_words = fields.0.iter().any(|(name, value)| flag(name, value).is_some());
    if !has_words || is_signed(fields).is_some() {
        return None;
    }
    let read = |(name, value): &(String, String)| (name.clone(), flag(name, value).unwrap_or(value).to_owned());
    let read = Fields(fields.0.iter().map(read).collect());
    is_signed(&read).map(|_| read)
}

/// A parameter documented as text may be such a word itself.
fn flag(name: &str, value: &str) -> Option<&'static str> {
    let is_no_flag = matches!(parameters::documented(name), Some(ParameterKind::Text(_) | ParameterKind::Integer));
    match value {
        "true" | "True" if !is_no_flag => Some("1"),
        "false" | "False" if !is_no_flag => Some("0"),
        _ => None,
    }
}

//! The members of callbacks and status answers that are read. Callbacks read no others, so that [`super::ambiguity`] knows
//! all members that could matter.

use std::borrow::Cow;

use super::json::Json;

/// A member by its path, as the text to sign writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    path: &'static str,
    /// It is read with everything below it.
    is_whole: bool,
}

macro_rules! members {
    ($($name:ident $path:literal),*; whole: $($whole:ident $whole_path:literal),* $(,)?) => {
        $(#[doc = concat!("`", $path, "`")] pub const $name: Member = Member { path: $path, is_whole: false };)*
        $(#[doc = concat!("`", $whole_path, "` and all below it")]
        pub const $whole: Member = Member { path: $whole_path, is_whole: true };)*
        const ALL: &[Member] = &[$($name,)* $($whole),*];
    };
}

members! {
    PROJECT_ID "project_id",
    GENERAL_PROJECT_ID "general:project_id",
    TOP_PAYMENT_ID "payment_id",
    GENERAL_PAYMENT_ID "general:payment_id",
    PAYMENT_ID "payment:id",
    PAYMENT_STATUS "payment:status",
    PAYMENT_DATE "payment:date",
    PAYMENT_METHOD "payment:method",
    PAYMENT_AMOUNT "payment:sum:amount",
    PAYMENT_CURRENCY "payment:sum:currency",
    PAYMENT_REFUND_ID "payment:merchant_refund_id",
    NEW_ATTEMPTS "payment:is_new_attempts_available",
    ATTEMPTS_TIMEOUT "payment:attempts_timeout",
    OPERATION_ID "operation:id",
    OPERATION_TYPE "operation:type",
    OPERATION_STATUS "operation:status",
    OPERATION_DATE "operation:date",
    OPERATION_CODE "operation:code",
    OPERATION_AMOUNT "operation:sum_initial:amount",
    OPERATION_CURRENCY "operation:sum_initial:currency",
    OPERATION_REQUEST_ID "operation:request_id",
    OPERATION_REFUND_ID "operation:merchant_refund_id";
    whole:
    REDIRECT_DATA "redirect_data",
    CUSTOMER_FIELDS "clarification_fields:customer",
}

impl Member {
    /// The member, whatever it holds.
    pub fn of(self, object: &Json) -> Option<&Json> {
        descend(object, self.path)
    }

    /// The rest of its path, if it is a member of an operation.
    pub fn below_operation(self) -> Option<&'static str> {
        self.path.strip_prefix("operation:")
    }

    /// The member if it is a text that is not empty.
    pub fn text_in(self, object: &Json) -> Option<&str> {
        self.of(object).and_then(Json::as_text).filter(|text| !text.is_empty())
    }

    /// The member as a name: a text that is not empty; a number reads as its digits.
    pub fn name_in(self, object: &Json) -> Option<Cow<'_, str>> {
        self.of(object).and_then(as_name)
    }
}

/// The value below a path of names with colons between them.
pub fn descend<'a>(object: &'a Json, path: &str) -> Option<&'a Json> {
    path.split(':').try_fold(object, |value, name| value.get(name))
}

/// A text that is not empty; a number reads as its digits.
pub fn as_name(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::Text(text) if !text.is_empty() => Some(text.into()),
        Json::Integer(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The path of a read member at the start of a text to sign.
pub struct Beginning {
    /// The length of that path in bytes.
    pub length: usize,
    is_whole: bool,
}

impl Beginning {
    /// Whether a member with this path, at the same place, is the one that is read.
    pub fn is(&self, path: &str) -> bool {
        match path.get(self.length..) {
            Some("") => true,
            Some(below) => self.is_whole && !below.starts_with("::"),
            None => false,
        }
    }
}

/// Finds the path of a read member, with the colon that ends it, at the start of a text. Each operation of a status answer is
/// read like the operation of a callback.
pub fn begins_with(text: &str) -> Option<Beginning> {
    let path_at = |text: &str| {
        let read = ALL.iter().find(|member| text.strip_prefix(member.path).is_some_and(|rest| rest.starts_with(':')))?;
        Some(Beginning { length: read.path.len(), is_whole: read.is_whole })
    };
    let Some(listed) = text.strip_prefix("operations:") else { return path_at(text) };
    let of_operation = listed.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let operation = path_at(&format!("operation{of_operation}"))?;
    let length = operation.length - "operation".len() + (text.len() - of_operation.len());
    Some(Beginning { length, ..operation })
}

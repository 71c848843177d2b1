//! What a customer is asked for: an e-mail address, a last name and a phone number that may be sent to the platform.

use std::fmt;

use crate::domain::text::{NotALine, line, seen};

/// Why a field was not accepted. Each has a sentence in the translation files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    Missing,
    NotAnEmail,
    NotAPhone,
    TooLong,
    /// Holds `;`: it cannot be signed.
    Unsendable,
    /// The platform asked for it and does not accept this value.
    NotTaken,
    UnknownMethod,
    /// The total is below what the method takes.
    TotalTooSmall,
    /// The total is above what the method takes.
    TotalTooLarge,
}

/// An e-mail address as browsers define it for `<input type="email">`, at a domain with a dot, at most 254 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// A last name of 1 to 100 characters, for Bancontact. It recommends at least 3, but there are shorter names.
#[derive(Clone, PartialEq, Eq)]
pub struct LastName(String);

/// A phone number with its country code: 4 to 24 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

/// What a customer told. Each field is asked for only if it is needed or useful.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub email: Option<Email>,
    pub last_name: Option<LastName>,
    pub phone: Option<Phone>,
}

impl Contact {
    /// This contact, with missing fields taken from what was known before.
    pub fn or(self, known: Contact) -> Self {
        Self { email: self.email.or(known.email), last_name: self.last_name.or(known.last_name), phone: self.phone.or(known.phone) }
    }
}

impl From<NotALine> for FieldError {
    fn from(error: NotALine) -> Self {
        match error {
            NotALine::Empty => Self::Missing,
            NotALine::Forbidden(_) => Self::Unsendable,
            NotALine::TooLong(_) => Self::TooLong,
        }
    }
}

impl Email {
    /// Ignores white space around the address. Errors: missing, not an address, too long, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let email = Self::parse_any(text)?;
        let (_, domain) = email.0.rsplit_once('@').ok_or(FieldError::NotAnEmail)?;
        // The last label of an international domain begins with `xn--`; it never ends like a number.
        let top = domain.rsplit_once('.').map(|(_, top)| top);
        let is_public = top.is_some_and(|top| top.len() >= 2 && top.bytes().any(|byte| byte.is_ascii_alphabetic()));
        if is_public { Ok(email) } else { Err(FieldError::NotAnEmail) }
    }

    /// An address that was taken once: a domain was not always asked to have a dot.
    pub fn kept(text: &str) -> Option<Self> {
        Self::parse_any(text).ok()
    }

    fn parse_any(text: &str) -> Result<Self, FieldError> {
        let text = sendable(text)?;
        let (local, domain) = text.rsplit_once('@').ok_or(FieldError::NotAnEmail)?;
        let local_fits =
            !local.is_empty() && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        if text.len() > 254 {
            Err(FieldError::TooLong)
        } else if local_fits && domain.split('.').all(is_label) {
            Ok(Self(text))
        } else {
            Err(FieldError::NotAnEmail)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl LastName {
    /// The longest that is sent, in characters.
    pub const LONGEST: usize = 100;

    /// Keeps only what is visible. Errors: missing, too long, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        Ok(Self(line(text, Self::LONGEST)?))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Phone {
    /// Drops the signs that people write between digits. Errors: missing, not a number with 4 to 24 digits, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = sendable(text)?;
        let written = text.strip_prefix('+').unwrap_or(&text);
        let digits: String = written.chars().filter(|c| !" -./()".contains(*c)).collect();
        let fits = (4..=24).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(digits)) } else { Err(FieldError::NotAPhone) }
    }

    /// Digits alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The visible part of a text. Errors: missing, unsendable.
fn sendable(text: &str) -> Result<String, FieldError> {
    let text = seen(text);
    if text.is_empty() {
        Err(FieldError::Missing)
    } else if text.contains(';') {
        Err(FieldError::Unsendable)
    } else {
        Ok(text)
    }
}

/// Redacted, so that personal data does not reach a log by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([redacted])")
    }
}

impl fmt::Debug for LastName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastName([redacted])")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_what_browsers_take_for_one() {
        for good in [
            "a@b.io",
            "maria.santos+shop@mail.example.ph",
            " spaced@example.com\u{A0}",
            "o'neil@example.ie",
            "a@b.io\u{202E}",
            "kim@xn--9n2bp8q.xn--9t4b11yi5a",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        assert!(Email::kept("a@b").is_some(), "orders of old are read");
        for (bad, why) in [
            ("", FieldError::Missing),
            ("  ", FieldError::Missing),
            ("maria", FieldError::NotAnEmail),
            ("@example.com", FieldError::NotAnEmail),
            ("a@b", FieldError::NotAnEmail),
            ("a@b.", FieldError::NotAnEmail),
            ("a@.com", FieldError::NotAnEmail),
            ("a@example..com", FieldError::NotAnEmail),
            ("a@example.c", FieldError::NotAnEmail),
            ("a@192.0.2.17", FieldError::NotAnEmail),
            ("maria@", FieldError::NotAnEmail),
            ("maria@-example.com", FieldError::NotAnEmail),
            ("ma ria@example.com", FieldError::NotAnEmail),
            ("mária@example.com", FieldError::NotAnEmail),
            ("a@b;payment_amount:1", FieldError::Unsendable),
            ("\u{200B}", FieldError::Missing),
            ("a@b\r\nBcc: c", FieldError::NotAnEmail),
        ] {
            assert_eq!(Email::parse(bad), Err(why), "{bad:?}");
        }
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(250))), Err(FieldError::TooLong));
    }

    #[test]
    fn a_phone_number_is_its_digits() {
        for written in ["+32 470 12.34.56", "32470123456", "(32) 470-123456", "\u{202A}+32\u{A0}470 123456\u{202C}"] {
            assert_eq!(Phone::parse(written).unwrap().as_str(), "32470123456");
        }
        for bad in ["+32", "call me", "1234567890123456789012345", "+32 470 ++ 12"] {
            assert_eq!(Phone::parse(bad), Err(FieldError::NotAPhone), "{bad}");
        }
        assert_eq!(Phone::parse("32470;payment_amount:1"), Err(FieldError::Unsendable));
    }

    #[test]
    fn a_last_name_is_counted_as_it_is_seen() {
        for (typed, kept) in
            [("김이박", "김이박"), ("\u{1100}\u{1175}\u{11B7}", "김"), (" Li\u{200B}", "Li"), ("Peeters", "Peeters")]
        {
            assert_eq!(LastName::parse(typed).unwrap().as_str(), kept);
        }
        assert!(LastName::parse(&"e\u{301}".repeat(100)).is_ok());
        for (bad, why) in [
            (&*"é".repeat(101), FieldError::TooLong),
            ("A;payment_amount:1", FieldError::Unsendable),
            ("\u{200B}\u{3164}\u{AD}", FieldError::Missing),
        ] {
            assert_eq!(LastName::parse(bad), Err(why), "{bad:?}");
        }
    }
}

//! What is asked of a customer: an e-mail address, a last name, a phone number, each fit to be sent to the platform.

use std::fmt;

/// Why a field was not accepted. Each has a sentence in the translation files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    Missing,
    NotAnEmail,
    NotAPhone,
    TooShort,
    TooLong,
    /// Holds `;`, a control character or an invisible direction mark: it cannot be signed.
    Unsendable,
    UnknownMethod,
    /// The total is below what the method takes.
    TotalTooSmall,
    /// The total is above what the method takes.
    TotalTooLarge,
}

/// An e-mail address as browsers define it for `<input type="email">`, at most 254 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// A last name of 3 to 100 characters, as Bancontact asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct LastName(String);

/// A phone number with its country code: 4 to 24 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

/// What a customer told of themselves. Each is asked for only where it is needed or welcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub email: Option<Email>,
    pub last_name: Option<LastName>,
    pub phone: Option<Phone>,
}

impl Contact {
    /// This, and what was known before where it says nothing.
    pub fn or(self, known: Contact) -> Self {
        Self { email: self.email.or(known.email), last_name: self.last_name.or(known.last_name), phone: self.phone.or(known.phone) }
    }
}

impl Email {
    /// Takes white space around it for a slip of the finger. Errors: missing, not an address, too long, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = sendable(text)?;
        let (local, domain) = text.rsplit_once('@').ok_or(FieldError::NotAnEmail)?;
        let local_fits =
            !local.is_empty() && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        if text.len() > 254 {
            Err(FieldError::TooLong)
        } else if local_fits && domain.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
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
    /// Counts characters, not bytes. Errors: missing, too short, too long, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = sendable(text)?;
        match text.chars().count() {
            0..3 => Err(FieldError::TooShort),
            3..=100 => Ok(Self(text.to_owned())),
            _ => Err(FieldError::TooLong),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Phone {
    /// Takes the signs people write between digits. Errors: missing, not a number with 4 to 24 digits, unsendable.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = sendable(text)?;
        let written = text.strip_prefix('+').unwrap_or(text);
        let digits: String = written.chars().filter(|c| !" -./()".contains(*c)).collect();
        let fits = (4..=24).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(digits)) } else { Err(FieldError::NotAPhone) }
    }

    /// Digits alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text without surrounding white space, if it may be signed.
pub(super) fn sendable(text: &str) -> Result<&str, FieldError> {
    let text = text.trim();
    let invisible = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    if text.is_empty() {
        Err(FieldError::Missing)
    } else if text.chars().any(|c| c == ';' || c.is_control() || invisible(c)) {
        Err(FieldError::Unsendable)
    } else {
        Ok(text)
    }
}

/// Personal data never reaches a log by accident.
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
        for good in ["a@b", "maria.santos+shop@mail.example.ph", " spaced@example.com ", "o'neil@example.ie"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", FieldError::Missing),
            ("  ", FieldError::Missing),
            ("maria", FieldError::NotAnEmail),
            ("@example.com", FieldError::NotAnEmail),
            ("maria@", FieldError::NotAnEmail),
            ("maria@-example.com", FieldError::NotAnEmail),
            ("ma ria@example.com", FieldError::NotAnEmail),
            ("mária@example.com", FieldError::NotAnEmail),
            ("a@b;payment_amount:1", FieldError::Unsendable),
            ("a@b\u{202E}", FieldError::Unsendable),
            ("a@b\r\nBcc: c", FieldError::Unsendable),
        ] {
            assert_eq!(Email::parse(bad), Err(why), "{bad:?}");
        }
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(250))), Err(FieldError::TooLong));
    }

    #[test]
    fn a_phone_number_is_its_digits() {
        for written in ["+32 470 12.34.56", "32470123456", "(32) 470-123456"] {
            assert_eq!(Phone::parse(written).unwrap().as_str(), "32470123456");
        }
        for bad in ["+32", "call me", "1234567890123456789012345", "+32 470 ++ 12"] {
            assert_eq!(Phone::parse(bad), Err(FieldError::NotAPhone), "{bad}");
        }
        assert_eq!(Phone::parse("32470;payment_amount:1"), Err(FieldError::Unsendable));
    }

    #[test]
    fn a_last_name_counts_characters_not_bytes() {
        assert!(LastName::parse("김이박").is_ok());
        assert!(LastName::parse("Peeters").is_ok());
        assert_eq!(LastName::parse("김이"), Err(FieldError::TooShort));
        assert_eq!(LastName::parse(&"é".repeat(101)), Err(FieldError::TooLong));
        assert_eq!(LastName::parse("A;payment_amount:1"), Err(FieldError::Unsendable));
    }
}

//! Tokens for the JSON interface, which owners make, name and revoke.

use crate::domain::text::{NotALine, line};

/// A token as owners see it; the secret itself is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    /// The e-mail address of the operator who made it.
    pub made_by: String,
    /// Unix seconds.
    pub made_at: i64,
    /// Unix seconds, accurate to a minute.
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// The name of a token: 1 to 60 visible characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

impl TokenName {
    pub const LONGEST: usize = 60;

    pub fn parse(text: &str) -> Result<Self, NotALine> {
        line(text, Self::LONGEST).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_visible() {
        assert_eq!(TokenName::parse(" book-keeping ").unwrap().as_str(), "book-keeping");
        assert!(TokenName::parse(&"회".repeat(60)).is_ok());
        for bad in ["", "  ", "\u{200B}", "\0", "a;b", &"a".repeat(61)] {
            assert!(TokenName::parse(bad).is_err(), "{bad:?}");
        }
    }
}

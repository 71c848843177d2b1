//! Tokens that open the JSON door: named, made and revoked by owners.

/// A token as owners see it; the secret itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    /// The address of the operator who made it.
    pub made_by: String,
    /// Unix seconds.
    pub made_at: i64,
    /// To the minute (Unix seconds).
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// What a token is called: 1 to 60 visible characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A name has 1 to {} characters", TokenName::LONGEST)]
pub struct NotAName;

impl TokenName {
    pub const LONGEST: usize = 60;

    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let text = text.trim();
        let fits = (1..=Self::LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAName) }
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
        for bad in ["", "  ", "a\nb", "\0", &"a".repeat(61)] {
            assert_eq!(TokenName::parse(bad), Err(NotAName), "{bad:?}");
        }
    }
}

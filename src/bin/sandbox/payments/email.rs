//! The email address that a method asks for.

use crate::running::limits::LONGEST_TEXT;

/// Whether a text looks like an email address.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    parts.is_some() && text.chars().count() <= LONGEST_TEXT && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_a_name_and_a_host() {
        assert!(is_email("a@b") && is_email("name+tag@example.com"));
        assert!(!["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n"].iter().any(|text| is_email(text)));
    }
}

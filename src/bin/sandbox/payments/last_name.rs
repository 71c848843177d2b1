//! The last name that Bancontact asks for.

use storefront::domain::text::line;

use crate::running::limits::{LONGEST_LAST_NAME, RECOMMENDED_LAST_NAME};

/// Whether it is visible text, and no longer than the platform takes.
pub fn is_last_name(text: &str) -> bool {
    line(text, LONGEST_LAST_NAME).is_ok()
}

/// Whether it also has the length that the platform recommends.
pub fn is_recommended(text: &str) -> bool {
    line(text, LONGEST_LAST_NAME).is_ok_and(|name| name.chars().count() >= RECOMMENDED_LAST_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_name_has_up_to_a_hundred_characters_in_any_script_and_three_are_better() {
        assert!(is_last_name("김") && is_last_name("Li") && is_last_name(&"ß".repeat(100)));
        assert!(!is_last_name("\u{200B}\u{3164}\u{AD}") && !is_last_name(&"a".repeat(101)) && !is_last_name("a;b"));
        assert!(is_recommended("김민준"));
        assert!(!is_recommended("Li") && !is_recommended("\u{1100}\u{1175}\u{11B7}"));
    }
}

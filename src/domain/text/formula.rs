//! Cells that a spreadsheet would run as a formula: they are written with an apostrophe before them, and read without it.

/// Whether a spreadsheet may run a cell that begins with this character, the full-width signs of Asian keyboards included.
fn begins_a_formula(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '|' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '｜')
}

/// A cell that every spreadsheet takes for text. A text that looks guarded already gets another apostrophe, so that
/// [`unguarded`] gives back every text.
pub fn guarded(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(begins_a_formula) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`guarded`] was given.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.trim_start_matches('\'').starts_with(begins_a_formula) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_might_be_run_is_guarded() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("-q25", "'-q25"),
            ("|calc", "'|calc"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("'=1", "''=1"),
            ("a=1", "a=1"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("''", "''"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_read_back(text in "['=+|@\\-a]{0,5}.{0,5}") {
            let cell = guarded(&text);
            prop_assert_eq!(unguarded(&cell), &text);
            prop_assert!(!cell.starts_with(begins_a_formula));
        }
    }
}

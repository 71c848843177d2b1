//! Text that people type, paste and export: only its visible part counts.
//!
//! - [`line`]: the rule for names, reasons and references, as they are stored, shown and sent
//! - [`id`]: the rule for ids, of which only surrounding characters are removed
//! - [`folded`]: the same for all texts that mean the same; only for comparing

pub mod fields;
pub mod formula;
use crate::unicode;

/// Signed texts are joined without escaping, so this character would begin another parameter.
const FORBIDDEN: char = ';';

/// Why a text is not accepted as a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotALine {
    /// It has no visible character.
    #[error("is empty")]
    Empty,
    #[error("holds a sign that cannot be sent: {0}")]
    Forbidden(char),
    #[error("has more than {0} characters")]
    TooLong(usize),
}

/// An invisible character inside an id, which may be intended or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("holds an invisible character (U+{:04X}) after the {}", u32::from(*.letter), nth(*.after))]
pub struct Hidden {
    pub letter: char,
    /// How many characters stand before it; never 0.
    pub after: usize,
}

/// One line of at most `most` characters: composed (NFC), without invisible characters, one space between words.
/// Applied twice, it changes nothing more.
pub fn line(text: &str, most: usize) -> Result<String, NotALine> {
    let line = unicode::composed(&seen(text));
    if line.is_empty() {
        Err(NotALine::Empty)
    } else if line.contains(FORBIDDEN) {
        Err(NotALine::Forbidden(FORBIDDEN))
    } else if line.chars().count() > most {
        Err(NotALine::TooLong(most))
    } else {
        Ok(line)
    }
}

/// The visible part of a text: its words, with one space between them.
pub fn seen(text: &str) -> String {
    let seen: String = text.chars().map(|c| if is_blank(c) { ' ' } else { c }).filter(|c| !unicode::is_unseen(*c)).collect();
    seen.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// An id without the blank and invisible characters around it, which often come along when it is copied.
pub fn id(text: &str) -> Result<&str, Hidden> {
    let id = text.trim_matches(|c| c == ' ' || is_hidden(c));
    match id.chars().enumerate().find(|(_, c)| is_hidden(*c)) {
        Some((after, letter)) => Err(Hidden { letter, after }),
        None => Ok(id),
    }
}

/// Two texts that mean the same have the same folded text: compatible forms, case, white space, apostrophes, dashes and
/// invisible characters make no difference.
pub fn folded(text: &str) -> String {
    let plain = |text: &str| seen(text).chars().map(plain).collect::<String>();
    plain(&unicode::folded(&plain(text)))
}

/// Whether a character is invisible, or looks like a space without being U+0020.
pub fn is_hidden(letter: char) -> bool {
    letter != ' ' && (is_blank(letter) || unicode::is_unseen(letter))
}

/// White space, and the blank of Braille, which Unicode does not count as white space.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{2800}'
}

/// One apostrophe and one dash for all those that people and keyboards mix up.
fn plain(letter: char) -> char {
    match letter {
        '\u{60}'
        | '\u{B4}'
        | '\u{2B9}'..='\u{2BD}'
        | '\u{2C8}'
        // Canonically equivalent to three of the others.
        | '\u{374}'
        | '\u{1FEF}'
        | '\u{1FFD}'
        | '\u{2018}'..='\u{201B}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{FF07}' => '\'',
        '\u{2D7}' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        letter => letter,
    }
}

/// `1st character`, `2nd character`, `12th character`
fn nth(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending} character")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_what_is_seen_of_it() {
        for (typed, kept) in [
            (" Peeters ", "Peeters"),
            ("Van\u{A0}\u{3000} den\tBerg\r\n", "Van den Berg"),
            ("Pee\u{200B}ters\u{AD}\u{FE0F}", "Peeters"),
            ("\u{202E}Peeters\u{202C}\0", "Peeters"),
            ("\u{1100}\u{1175}\u{11B7}", "김"),
            ("김\u{3164}민\u{2800}준", "김민 준"),
            // An invisible character must not separate an accent from its letter.
            ("Jose\u{200D}\u{301}", "José"),
        ] {
            assert_eq!(line(typed, 100).as_deref(), Ok(kept), "{typed:?}");
        }
        for unseen in [
            "",
            "  ",
            "\u{200B}",
            "\u{3164}",
            "\u{AD}",
            "\u{2800}",
            "\u{FEFF}",
            "\u{202A}\u{2069}",
            "\u{E0041}",
            "\u{180B}\u{61C}",
            "\n\0",
        ] {
            assert_eq!(line(unseen, 100), Err(NotALine::Empty), "{unseen:?}");
        }
        // The Greek question mark is composed to a semicolon.
        for forbidden in ["a;b", "a\u{37E}b"] {
            assert_eq!(line(forbidden, 100), Err(NotALine::Forbidden(';')));
        }
        assert!(line(&"e\u{301}\u{200B}".repeat(100), 100).is_ok());
        assert_eq!(line(&"é".repeat(101), 100), Err(NotALine::TooLong(100)));
    }

    #[test]
    fn what_is_wrong_with_a_text_is_named() {
        assert_eq!(NotALine::Forbidden(';').to_string(), "holds a sign that cannot be sent: ;");
        for (text, named) in [
            ("a\u{200B}b", "holds an invisible character (U+200B) after the 1st character"),
            ("ABCDEFGHIJKL\u{A0}-1", "holds an invisible character (U+00A0) after the 12th character"),
            ("aé\u{E0001}b", "holds an invisible character (U+E0001) after the 2nd character"),
            ("abc\nd", "holds an invisible character (U+000A) after the 3rd character"),
        ] {
            assert_eq!(id(text).unwrap_err().to_string(), named);
        }
    }

    #[test]
    fn an_id_is_read_without_what_surrounds_it() {
        for typed in ["ABC-1", " ABC-1 ", "ABC-1\u{A0}", "\u{200B}ABC-1\u{FEFF}\u{2800}", "\u{202A}ABC-1\u{202C}\r\n"] {
            assert_eq!(id(typed), Ok("ABC-1"), "{typed:?}");
        }
        assert_eq!(id("two words"), Ok("two words"));
        assert_eq!(id("\u{200B} "), Ok(""));
    }

    #[test]
    fn texts_that_mean_the_same_are_folded_alike() {
        for (one, other) in [
            ("José O'Hara", "JOSE\u{301}  O\u{2019}HARA "),
            ("Anne-Marie", "anne\u{2011}marie"),
            ("Anne-Marie", "ＡＮＮＥ－ＭＡＲＩＥ"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("녹차", "\u{1102}\u{1169}\u{11A8}\u{110E}\u{1161}"),
            ("ﬁne 1½", "fine 11\u{2044}2"),
            ("D`Arc", "d\u{B4}arc"),
            ("D'Arc", "d\u{1FFD}arc"),
            ("a\u{AD}b", "AB"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [("a b", "ab"), ("José", "Jose"), ("O'Hara", "OHara"), ("1", "2")] {
            assert_ne!(folded(one), folded(other));
        }
    }

    proptest! {
        #[test]
        fn reading_again_changes_nothing(text in "\\PC{0,20}|[\\x00-\u{2FF}\u{1E00}-\u{206F}\u{3160}-\u{3170}\u{AC00}-\u{AC20}\u{FF00}-\u{FFEF}]{0,20}") {
            prop_assert_eq!(folded(&folded(&text)), folded(&text));
            prop_assert_eq!(seen(&seen(&text)), seen(&text));
            if let Ok(kept) = line(&text, 1_000) {
                prop_assert_eq!(line(&kept, 1_000), Ok(kept.clone()));
                prop_assert_eq!(folded(&kept), folded(&text));
            }
            if let Ok(kept) = id(&text) {
                prop_assert_eq!(id(kept), Ok(kept));
            }
        }
    }
}

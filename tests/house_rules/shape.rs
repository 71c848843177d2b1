//! Size and shape of files, and what code may not do.

use crate::{obeyed, source::sources};

const LONGEST: usize = 400;
const LONG: usize = 250;

#[test]
fn files_are_short() {
    let lengths: Vec<_> = sources().into_iter().map(|source| (source.code.trim_end().lines().count(), source.name)).collect();
    let too_long: Vec<_> =
        lengths.iter().filter(|(lines, _)| *lines > LONGEST).map(|(lines, name)| format!("src/{name}: {lines} lines")).collect();
    obeyed("no file is longer than 400 lines before its tests", "a file is read in one sitting", &too_long);
    let long: Vec<_> =
        lengths.iter().filter(|(lines, _)| *lines > LONG).map(|(lines, name)| format!("src/{name}: {lines} lines")).collect();
    let allowed = lengths.len() / 10;
    obeyed(
        "nine files in ten are shorter than 250 lines",
        "a file that needs more is two files",
        if long.len() > allowed { &long } else { &[] },
    );
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent: Vec<_> = sources()
        .iter()
        .filter(|source| !crate::source::read(&format!("src/{}", source.name)).starts_with("//! "))
        .map(|source| format!("src/{}", source.name))
        .collect();
    obeyed("a file begins with //! and what it is for", "whoever opens it knows whether to read on", &silent);
}

#[test]
fn nothing_panics_on_purpose() {
    let mut broken = Vec::new();
    for source in sources() {
        for text in [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "process::exit"] {
            broken.extend(source.places_of(text));
        }
    }
    obeyed("no unwrap, expect or panic outside tests", "what was sent by anybody must not end a request in a panic", &broken);
}

#[test]
fn money_is_never_a_fraction() {
    let mut broken = Vec::new();
    // What JSON may hold is spelled in protocol/signed/json.rs, and never acted on.
    for source in sources().iter().filter(|source| source.name != "protocol/signed/json.rs" && !source.is_in(&["bin/"])) {
        for text in ["f64", "f32"] {
            broken.extend(source.places_of(text));
        }
    }
    obeyed("no floating-point number stands near money", "0.1 + 0.2 is not 0.3", &broken);
}

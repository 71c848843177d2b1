//! Numbers that decide something are said once, by a name.

use std::collections::BTreeMap;

use crate::{
    obeyed,
    source::{Source, sources},
};

/// `pub const NAME: …` at the top of a file.
fn public_constants(source: &Source) -> impl Iterator<Item = &str> {
    source.code.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next()).filter(|name| !name.contains('('))
}

#[test]
fn a_public_constant_has_a_name_of_its_own() {
    let sources = sources();
    for program in [true, false] {
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for source in sources.iter().filter(|source| source.is_in(&["bin/"]) == program) {
            for name in public_constants(source) {
                places.entry(name).or_default().push(&source.name);
            }
        }
        assert!(places.len() > 20, "constants were found");
        let twice = places.into_iter().filter(|(_, files)| files.len() > 1);
        let broken: Vec<_> = twice.map(|(name, files)| format!("{name}: src/{}", files.join(", src/"))).collect();
        obeyed("no two files have a public constant of one name", "whoever searches for a limit finds it, and no other", &broken);
    }
}

#[test]
fn a_number_of_bytes_or_a_time_is_a_constant() {
    let is_a_number = |line: &str| {
        let time = ["from_secs(", "from_millis(", "from_mins(", "from_hours("];
        let is_digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        time.iter().any(|text| line.split_once(text).is_some_and(|(_, rest)| is_digit(rest)))
            || ["* 1024", "<< 10", "<< 20", "<< 30"].iter().any(|text| line.contains(text))
    };
    let mut broken = Vec::new();
    for source in sources() {
        let mut is_constant = false;
        for (number, line) in source.code.lines().enumerate() {
            is_constant |= line.contains("const ");
            if !is_constant && is_a_number(line) {
                broken.push(format!("src/{}:{}: {}", source.name, number + 1, line.trim()));
            }
            is_constant &= !line.contains(';');
        }
    }
    obeyed("a number of bytes or a time stands in a constant", "a limit without a name is found by nobody", &broken);
}

//! One word for one thing; every text in every language; every setting documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    obeyed,
    source::{files, read, sources},
};

#[test]
fn one_thing_has_one_word_and_it_is_the_platforms() {
    // Spelled in halves, so that this file obeys, too.
    let banned = [
        ("web", "hook", "callback"),
        ("i", "pn", "callback"),
        ("shop", "per", "customer"),
        ("charge", "back", "refund or reversal"),
    ];
    let mut broken = Vec::new();
    for path in ["src", "tests", "style", "end2end/tests", "xtask/src", "bench/src"].iter().flat_map(|folder| files(folder)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // The vectors are the platform's own.
        if path.ends_with("signing.json") || path.ends_with("callbacks.json") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).collect();
            for (head, tail, word) in banned {
                if words.iter().any(|found| found.trim_end_matches('s') == format!("{head}{tail}")) {
                    broken.push(format!("{}:{}: say {word}", path.display(), number + 1));
                }
            }
        }
    }
    obeyed("the platform's words on the platform's side", "two words for one thing look like two things", &broken);
}

#[test]
fn no_file_is_named_after_nothing() {
    let empty = ["util", "utils", "helper", "helpers", "manager", "common", "misc", "service", "impl", "types", "web\u{68}ook"];
    let broken: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.name.split(['/', '.', '_']).any(|part| empty.contains(&part)))
        .map(|source| format!("src/{}", source.name))
        .collect();
    obeyed("files are named after a noun of the shop or an act", "anything can be put into a file called utils", &broken);
}

/// Every text by its key: `order.title`.
fn texts(file: &str) -> BTreeMap<String, String> {
    fn collect(path: String, value: &Value, texts: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    collect(if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, texts);
                }
            }
            value => {
                texts.insert(path, value.as_str().unwrap_or_default().to_owned());
            }
        }
    }
    let mut texts = BTreeMap::new();
    collect(String::new(), &serde_json::from_str(&read(file)).expect("JSON"), &mut texts);
    texts
}

/// What is filled in: `{{ name }}`, and `<b>` around words.
fn variables(text: &str) -> BTreeSet<String> {
    let braces = text
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.split(',').next().unwrap_or_default().trim().to_owned());
    let tags = text
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(name, _)| format!("<{}>", name.trim_matches('/').trim()));
    braces.chain(tags).collect()
}

#[test]
fn every_text_is_there_in_every_language() {
    let english = texts("src/texts/en.json");
    assert!(english.len() > 100);
    let mut broken = Vec::new();
    for path in files("src/texts") {
        let file = format!("src/texts/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let other = texts(&file);
        broken.extend(english.keys().filter(|key| !other.contains_key(*key)).map(|key| format!("{file}: {key} is missing")));
        broken.extend(other.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{file}: {key} is not in English")));
        broken.extend(other.iter().filter(|(_, text)| text.trim().is_empty()).map(|(key, _)| format!("{file}: {key} is empty")));
        let filled =
            |(key, text): (&String, &String)| english.get(key).is_some_and(|english| variables(english) != variables(text));
        broken.extend(
            other.iter().filter(|(key, text)| filled((key, text))).map(|(key, _)| format!("{file}: {key} fills in something else")),
        );
    }
    obeyed("all languages have the same keys, filled in alike, none empty", "the compiler asks only for English", &broken);
}

/// Names in capitals between quotation marks.
fn settings_named_in(text: &str) -> BTreeSet<String> {
    let is_name =
        |word: &&str| word.len() > 4 && word.contains('_') && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    text.split('"').filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_setting_is_documented_and_every_documented_setting_is_read() {
    let documented: BTreeSet<String> = read(".env.example")
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .collect();
    let mut read_by_us: BTreeSet<String> = ["src/config/settings.rs", "src/bin/sandbox/running/settings.rs"]
        .iter()
        .flat_map(|file| settings_named_in(&read(file)))
        .collect();
    assert!(read_by_us.len() > 8, "{read_by_us:?}");
    // Read by the library that writes the log.
    read_by_us.insert("RUST_LOG".to_owned());
    let broken: Vec<_> = read_by_us.difference(&documented).map(|name| format!(".env.example: {name} is missing")).collect();
    obeyed("every setting that is read stands in .env.example", "a merchant finds all of them there", &broken);
    let known =
        |name: &String| read_by_us.contains(name) || name.strip_suffix("_FILE").is_some_and(|name| read_by_us.contains(name));
    let broken: Vec<_> =
        documented.iter().filter(|name| !known(name)).map(|name| format!(".env.example: nobody reads {name}")).collect();
    obeyed("every setting in .env.example is read", "a merchant who sets it expects something to happen", &broken);
}

/// What this issue promises outside (contract.md, Settings).
const PROMISED: [&str; 10] = [
    "SHOP_ADDR",
    "PUBLIC_URL",
    "METRICS_ADDR",
    "DATABASE_URL",
    "PROJECT_ID",
    "PROJECT_SECRET",
    "PROJECT_SECRET_PREVIOUS",
    "PAYMENT_PAGE_URL",
    "GATE_URL",
    "DATA_API_URL",
];

#[test]
fn every_promised_setting_keeps_its_name() {
    let named = settings_named_in(&read("src/config/settings.rs"));
    let broken: Vec<_> =
        PROMISED.iter().filter(|name| !named.contains(**name)).map(|name| format!("config/settings.rs: {name}")).collect();
    obeyed("a setting of the contract keeps its name", "merchants have set it", &broken);
}

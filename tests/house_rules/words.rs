//! One word for one thing; every text in every language; every setting documented.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use crate::{
    obeyed,
    source::{files, read, sources},
};

const MOST_WORDS: usize = 40;

/// A row of the glossary: the word, and those that nobody says instead.
struct GlossaryRow {
    word: String,
    never: Vec<Vec<String>>,
}

const GLOSSARY: &str = "docs/architecture.md";

/// The table below the heading "Glossary".
fn glossary() -> Vec<GlossaryRow> {
    let page = read(GLOSSARY);
    let (_, section) = page.split_once("\n## Glossary\n").expect("a glossary");
    let lines = section.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| "));
    let cells = lines.skip(1).map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let row = |cells: Vec<&str>| {
        let [word, _, never] = cells[..] else { panic!("three cells a row: {cells:?}") };
        let never = never.split(',').map(words_of).filter(|words| !words.is_empty());
        GlossaryRow { word: word.to_owned(), never: never.collect() }
    };
    cells.map(row).collect()
}

/// The words of a line in small letters: `BatchRow`, `batch_row` and "batch rows" are two words each.
fn words_of(line: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in line.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("one").extend(c.to_lowercase());
        }
        before = c;
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// Whether the banned words stand in the line side by side, the last one perhaps as a plural.
fn says(line: &[String], banned: &[String]) -> bool {
    let is = |found: &String, word: &String| found == word || found.strip_suffix('s') == Some(word);
    line.windows(banned.len()).any(|found| found.iter().zip(banned).all(|(found, word)| is(found, word)))
}

/// Not ours to word: the platform's own answers, and the names of published packages.
const NOT_OURS: [&str; 3] = ["tests/vectors/signing.json", "tests/vectors/callbacks.json", "end2end/package-lock.json"];

/// Every text file that people of this project read: its name from the package's folder, and its text.
fn texts_of_ours() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let single = ["README.md", ".env.example", "Cargo.toml", "build.rs"].map(|file| root.join(file));
    let folders = ["src", "tests", "style", "end2end", "xtask", "bench", "faults", "docs"].iter().flat_map(|folder| files(folder));
    let named = folders.chain(single).map(|path| (path.strip_prefix(root).expect("in the package").display().to_string(), path));
    let ours = named.filter(|(name, _)| !NOT_OURS.contains(&name.as_str()) && !name.contains("node_modules/"));
    ours.filter_map(|(name, path)| Some((name, std::fs::read_to_string(path).ok()?))).collect()
}

#[test]
fn one_thing_has_one_word() {
    let banned: Vec<_> =
        glossary().into_iter().flat_map(|row| row.never.into_iter().map(move |never| (never, row.word.clone()))).collect();
    assert!(banned.len() > 10, "the glossary was read");
    let mut broken = Vec::new();
    for (name, text) in texts_of_ours() {
        let letters = text.to_lowercase();
        let perhaps: Vec<_> = banned.iter().filter(|(never, _)| never.iter().all(|word| letters.contains(word))).collect();
        if perhaps.is_empty() {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if name == GLOSSARY && line.starts_with("| ") {
                continue;
            }
            let words = words_of(line);
            let said = perhaps.iter().filter(|(never, _)| says(&words, never));
            broken.extend(said.map(|(never, word)| format!("{name}:{}: {}, say {word}", number + 1, never.join(" "))));
        }
    }
    obeyed("words of the glossary's last column are not used", "two words for one thing look like two things", &broken);
}

#[test]
fn the_glossary_is_short() {
    let rows = glossary().len();
    let long = if rows > MOST_WORDS { vec![format!("{GLOSSARY}: {rows} words")] } else { Vec::new() };
    obeyed("the glossary has at most 40 words", "nobody learns more of them", &long);
}

#[test]
fn no_file_is_named_after_nothing() {
    let empty = ["util", "utils", "helper", "helpers", "manager", "common", "misc", "service", "impl", "types"];
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

/// Settings whose names never change.
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
    obeyed("a setting that merchants rely on keeps its name", "merchants have set it", &broken);
}

//! README and `docs`: short, complete, and true of the source beside them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::{
    obeyed,
    source::{files, read},
};

const MOST_LINES_OF_README: usize = 100;

/// README and every page of `docs`: its name from the package's folder, and its text.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_docs = files("docs").into_iter().map(|path| path.strip_prefix(root).expect("in the package").display().to_string());
    let names = std::iter::once("README.md".to_owned()).chain(of_docs.filter(|name| name.ends_with(".md")));
    names.map(|name| (name.clone(), read(&name))).collect()
}

/// What stands in backticks, and lines of code that begin with four spaces, each with the number of its line.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut code = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match line.strip_prefix("    ") {
            Some(line) => code.push((number + 1, line.to_owned())),
            None => code.extend(line.split('`').skip(1).step_by(2).map(|inside| (number + 1, inside.to_owned()))),
        }
    }
    code
}

/// All pages' code of which something is wrong, as `check` says.
fn wrong_code(check: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text) in pages() {
        let found = code(&text).into_iter().filter_map(|(line, inside)| Some((line, check(&inside)?)));
        wrong.extend(found.map(|(line, why)| format!("{name}:{line}: {why}")));
    }
    wrong
}

fn exists(path: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()
}

const FOLDERS: [&str; 10] = ["src/", "tests/", "xtask/", "docs/", "ops/", "style/", "end2end/", "bench/", "faults/", "public/"];

/// Whether a Rust file declares something of this name.
fn declares(file: &str, name: &str) -> bool {
    let declared = |line: &str| ["fn", "struct", "enum", "const"].iter().any(|kind| line.contains(&format!("{kind} {name}")));
    read(file).lines().any(declared)
}

#[test]
fn paths_in_the_documentation_lead_somewhere() {
    let broken = wrong_code(|inside| {
        let is_path = FOLDERS.iter().any(|folder| inside.starts_with(folder)) && !inside.contains(' ');
        let (path, name) = inside.split_once("::").unwrap_or((inside, ""));
        match is_path {
            true if !exists(path) => Some(format!("there is no {path}")),
            true if !name.is_empty() && !declares(path, name) => Some(format!("{path} has no {name}")),
            _ => None,
        }
    });
    obeyed("every path that README and docs name exists, and what they name in a file is in it", "readers open it", &broken);
}

/// How many promises of each kind there are.
const PROMISES: [(&str, usize); 3] = [("R", 15), ("M", 14), ("F", 22)];

#[test]
fn every_promise_has_a_proof() {
    let (page, faults) = (read("docs/promises.md"), read("faults/src/matrix/mod.rs"));
    let mut broken = Vec::new();
    for name in PROMISES.iter().flat_map(|(kind, count)| (1..=*count).map(move |number| format!("{kind}{number}"))) {
        let rows: Vec<_> = page.lines().filter(|line| line.starts_with(&format!("| {name} |"))).collect();
        let [row] = rows[..] else {
            broken.push(format!("{name}: {} rows", rows.len()));
            continue;
        };
        let proofs = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let lines: Vec<_> = proofs.split('"').skip(1).step_by(2).collect();
        let is_line = |line: &str| faults.contains(&format!("fault(\"{line}\","));
        broken.extend(
            lines.iter().filter(|line| !is_line(line)).map(|line| format!("{name}: {line:?} is no line of cargo xtask faults")),
        );
        if lines.is_empty() && !proofs.contains(".rs::") {
            broken.push(format!("{name}: nothing proves it"));
        }
    }
    obeyed("every promise of docs/promises.md names a test or a fault that proves it", "a promise alone is worth nothing", &broken);
}

/// The address of a heading in its page.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Where the links of a page lead that stay in the project: `docs/architecture.md#glossary`.
fn links(name: &str, text: &str) -> Vec<String> {
    let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|target| !target.contains("://")).map(|target| format!("{folder}{target}")).collect()
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut broken = Vec::new();
    for (name, text) in pages() {
        for link in links(&name, &text) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let has_heading = |text: &str| text.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
            if !exists(file) || (!heading.is_empty() && !has_heading(&read(file))) {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    obeyed("every link of README and docs leads somewhere", "readers follow it", &broken);
}

#[test]
fn every_page_is_linked_and_readme_stays_short() {
    let linked: BTreeSet<String> = ["README.md", "docs/architecture.md"]
        .into_iter()
        .flat_map(|name| links(name, &read(name)))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .collect();
    let lost: Vec<_> =
        pages().into_iter().map(|(name, _)| name).filter(|name| name != "README.md" && !linked.contains(name)).collect();
    obeyed("every page of docs is linked from README or docs/architecture.md", "nobody finds another one", &lost);
    let lines = read("README.md").lines().count();
    let long = if lines > MOST_LINES_OF_README { vec![format!("README.md: {lines} lines")] } else { Vec::new() };
    obeyed("README has at most 100 lines", "it is read whole before anything is tried; the rest belongs to docs", &long);
}

#[test]
fn settings_in_the_documentation_exist() {
    let example = read(".env.example");
    let known: BTreeSet<&str> =
        example.lines().filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('=')).map(|(name, _)| name).collect();
    let broken = wrong_code(|inside| {
        let name = inside.split('=').next().unwrap_or_default();
        let is_setting = name.contains('_') && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        // Any secret's, as a name for all of them; and those of the tests.
        let is_ours = name == "NAME_FILE" || name.starts_with("TEST_");
        (is_setting && !is_ours && !known.contains(name)).then(|| format!("{name} is not in .env.example"))
    });
    obeyed("every setting that README and docs name is in .env.example", "a merchant sets it", &broken);
}

/// Commands by their names on the command line: the variants of every enum of `src/main.rs`.
fn commands() -> BTreeSet<String> {
    let main = read("src/main.rs");
    let inside = main.split("enum ").skip(1).filter_map(|rest| rest.split_once("\n}")).flat_map(|(body, _)| body.lines());
    let variants = inside.filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with(|c: char| c.is_uppercase()));
    variants.map(|line| kebab(line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())).collect()
}

/// `PaymentUrl` is `payment-url`.
fn kebab(name: &str) -> String {
    let letter = |(place, c): (usize, char)| {
        let dash = if c.is_uppercase() && place > 0 { "-" } else { "" };
        format!("{dash}{}", c.to_lowercase())
    };
    name.chars().enumerate().map(letter).collect()
}

#[test]
fn commands_in_the_documentation_exist() {
    let (sandbox, tasks) = (read("src/bin/sandbox/main.rs"), read("xtask/src/main.rs"));
    let shop: String = ["src/main.rs", "src/commands/refund.rs", "src/commands/payout.rs"].into_iter().map(read).collect();
    let commands = commands();
    assert!(commands.contains("payment-url") && commands.contains("unlock"), "{commands:?}");
    // Files and addresses are none.
    let is_command = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !word.starts_with('-');
    let broken = wrong_code(|inside| {
        let mut words = inside.split_whitespace().map(|word| word.trim_end_matches('…'));
        let unknown = match (words.next()?, words.next()) {
            ("storefront", Some(first)) => {
                let named: Vec<_> = std::iter::once(first).chain(words.clone()).take_while(is_command).collect();
                named.iter().find(|word| !commands.contains(**word)).map(|word| format!("storefront {word}"))
            }
            ("cargo", Some("xtask")) => {
                let task = words.clone().next()?;
                (!tasks.contains(&format!("[\"{task}\""))).then(|| format!("cargo xtask {task}"))
            }
            _ => None,
        };
        let mut options = inside.split_whitespace().filter_map(|word| word.strip_prefix("--"));
        let knows = |option: &&str| match inside.split_whitespace().next() {
            Some("storefront") => shop.contains(&format!("    {option}: ")),
            Some("sandbox") => sandbox.contains(&format!("    {option}: ")),
            Some("cargo") if inside.contains("xtask") => tasks.contains(&format!("\"--{option}\"")),
            _ => true,
        };
        unknown.or_else(|| options.find(|option| !knows(option)).map(|option| format!("--{option} of {inside}")))
    });
    obeyed("every command and option that README and docs name exists", "readers type it", &broken);
}

/// Rust files that comments name with their folder, and where they do.
fn files_named_in_comments() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = Vec::new();
    for path in ["src", "tests", "xtask/src", "bench/src", "faults/src"].iter().flat_map(|folder| files(folder)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let place = path.strip_prefix(root).expect("in the package").display().to_string();
        for (number, line) in text.lines().enumerate() {
            let Some((_, comment)) = line.split_once("//") else { continue };
            let words = comment.split(|c: char| !(c.is_alphanumeric() || "/._".contains(c)));
            let paths = words.map(|word| word.trim_end_matches('.')).filter(|word| word.contains('/') && word.ends_with(".rs"));
            named.extend(paths.map(|path| (format!("{place}:{}", number + 1), path.to_owned())));
        }
    }
    named
}

#[test]
fn files_named_in_comments_exist() {
    let settings = read(".env.example");
    let in_settings = settings.split(|c: char| c.is_whitespace() || "()".contains(c)).filter(|word| word.starts_with("src/"));
    let named = files_named_in_comments().into_iter().chain(in_settings.map(|path| (".env.example".to_owned(), path.to_owned())));
    let lost = named.filter(|(_, path)| !exists(path) && !exists(&format!("src/{path}")));
    let broken: Vec<_> = lost.map(|(place, path)| format!("{place}: {path}")).collect();
    obeyed("a file that a comment names exists, from the package's folder or from src", "whoever reads it looks there", &broken);
}

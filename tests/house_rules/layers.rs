//! Who may know whom.

use crate::{
    obeyed,
    source::{Source, sources},
};

/// Paths in some folders that are not among those they may know.
fn strangers(folders: &[&str], is_stranger: impl Fn(&str) -> bool) -> Vec<String> {
    let inside: Vec<Source> = sources().into_iter().filter(|source| source.is_in(folders)).collect();
    assert!(!inside.is_empty(), "nothing in {folders:?}");
    let all = inside.iter().flat_map(|source| source.paths().into_iter().map(|path| (source.name.clone(), path)));
    all.filter(|(_, path)| is_stranger(path)).map(|(name, path)| format!("src/{name}: {path}")).collect()
}

/// The part of ours that a path names: `crate::server::store` is of `server`.
fn ours(path: &str) -> Option<&str> {
    path.strip_prefix("crate::").or_else(|| path.strip_prefix("storefront::"))?.split("::").next()
}

fn is_from(path: &str, crates: &[&str]) -> bool {
    crates.iter().any(|name| path == *name || path.starts_with(&format!("{name}::")))
}

/// Everything that does I/O, draws pages or asks for time and chance.
const OUTSIDE: [&str; 26] = [
    "rusqlite",
    "axum",
    "axum_extra",
    "leptos",
    "leptos_i18n",
    "reqwest",
    "tokio",
    "tower",
    "tower_http",
    "jiff",
    "rand",
    "tracing",
    "metrics",
    "clap",
    "dotenvy",
    "futures",
    "std::env",
    "std::fs",
    // An address is a value; what opens a line is not.
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::UdpSocket",
    "std::process",
    "std::time",
    "std::thread",
    "std::io",
    "web_sys",
];

#[test]
fn the_domain_knows_only_the_platforms_tables() {
    let plain = ["serde", "thiserror", "iso_currency", "std", "core"];
    let foreign_use = |path: &str| {
        let root = path.split("::").next().unwrap_or_default();
        let of_a_crate = root.chars().all(|c| c.is_lowercase() || c == '_') && !["crate", "self", "super"].contains(&root);
        of_a_crate && !is_from(path, &plain) && KNOWN_CRATES.contains(&root)
    };
    obeyed(
        "domain imports nothing of ours but platform and unicode, and of others only std, serde, thiserror, iso_currency",
        "the shop's rules are read and tested without a database, a browser or the network",
        &strangers(&["domain/"], |path| {
            ours(path).is_some_and(|part| !["domain", "platform", "unicode"].contains(&part))
                || is_from(path, &OUTSIDE)
                || foreign_use(path)
        }),
    );
}

/// Whatever Cargo.toml may bring in; the domain has no business with these.
const KNOWN_CRATES: [&str; 10] =
    ["url", "serde_json", "secrecy", "base64", "hmac", "sha2", "qrcode", "percent_encoding", "wasm_bindgen", "toml"];

#[test]
fn the_platforms_tables_know_nothing_of_ours() {
    obeyed(
        "platform and unicode import nothing of ours",
        "shop, browser and sandbox share these tables; what they knew, all three would know",
        &strangers(&["platform/", "unicode/"], |path| {
            ours(path).is_some_and(|part| !["platform", "unicode"].contains(&part)) || is_from(path, &OUTSIDE)
        }),
    );
}

#[test]
fn the_protocol_is_pure() {
    obeyed(
        "protocol imports nothing of ours but the platform's tables and does no I/O",
        "the shop and the sandbox must agree on it without knowing each other, and its tests need no world around them",
        &strangers(&["protocol/"], |path| {
            ours(path).is_some_and(|part| !["protocol", "platform"].contains(&part)) || is_from(path, &OUTSIDE)
        }),
    );
}

#[test]
fn pages_and_components_know_nothing_of_the_server() {
    obeyed(
        "pages, components and islands never name crate::server, crate::protocol or a database",
        "a page is told what to show; it never fetches, signs or stores",
        &strangers(&["pages/", "components/", "islands/"], |path| {
            ours(path).is_some_and(|part| ["server", "protocol"].contains(&part)) || is_from(path, &["rusqlite", "axum", "reqwest"])
        }),
    );
    obeyed(
        "components never name crate::pages",
        "a part does not know the wholes it is used in",
        &strangers(&["components/"], |path| ours(path) == Some("pages")),
    );
}

#[test]
fn sql_is_in_the_store_and_in_the_sandboxs_ledger_alone() {
    let others = sources().into_iter().filter(|source| !source.is_in(&["server/store/", "bin/sandbox/ledger/"]));
    let broken: Vec<_> = others.flat_map(|source| source.places_of("rusqlite")).collect();
    obeyed(
        "the database's driver is named only in src/server/store and src/bin/sandbox/ledger",
        "another database comes behind the same methods, and one place decides what a transaction is",
        &broken,
    );
    let outside_ledger = sources().into_iter().filter(|source| source.is_in(&["bin/"]) && !source.is_in(&["bin/sandbox/ledger/"]));
    let statements = ["tx.prepare", "tx.execute", "tx.query"];
    let broken: Vec<_> = outside_ledger.flat_map(|source| statements.map(|text| source.places_of(text)).concat()).collect();
    obeyed("the sandbox's SQL is in its ledger", "as in the shop", &broken);
}

#[test]
fn the_sandbox_knows_the_protocol_and_the_platforms_tables_alone() {
    obeyed(
        "bin/sandbox uses only storefront::protocol, storefront::platform and storefront::domain::text",
        "a twin that shared the shop's thinking would agree with the shop's mistakes; what is seen of a text is no thought of it",
        &strangers(&["bin/sandbox/"], |path| {
            path.strip_prefix("storefront::").is_some_and(|rest| !is_from(rest, &["protocol", "platform", "domain::text"]))
        }),
    );
}

/// Where a text may stand, and nowhere else.
fn only_in(files: &[&str], texts: &[&str]) -> Vec<String> {
    let elsewhere = sources().into_iter().filter(|source| !files.contains(&source.name.as_str()));
    elsewhere.flat_map(|source| texts.iter().flat_map(|text| source.places_of(text)).collect::<Vec<_>>()).collect()
}

#[test]
fn the_environment_the_time_and_chance_are_each_asked_in_one_place() {
    obeyed(
        "the environment is read in config/settings.rs (the sandbox's in its running/settings.rs)",
        "all settings are known, documented and refused together",
        &only_in(
            &["config/settings.rs", "bin/sandbox/running/settings.rs"],
            &["env::var", "env::vars", "dotenvy::var", "option_env!"],
        ),
    );
    obeyed(
        "the time is asked for in clock.rs; how long the database takes is measured in server/store/engine/counts.rs",
        "tests and the sandbox move the clock",
        &only_in(
            &["server/running/clock.rs", "server/store/engine/counts.rs", "bin/sandbox/running/clock.rs"],
            &["Timestamp::now", "Zoned::now", "SystemTime", "Instant::now"],
        ),
    );
    obeyed(
        "chance is drawn from in chance.rs",
        "what must not be guessed is made in one place with one strength",
        &only_in(&["server/running/chance.rs", "bin/sandbox/running/chance.rs"], &["rand::", "thread_rng", "getrandom"]),
    );
}

#[test]
fn features_are_named_in_lib_rs_alone() {
    obeyed(
        "cfg(feature) stands only in lib.rs",
        "which half a module belongs to is read in one place",
        &only_in(&["lib.rs"], &["cfg(feature", "cfg(not(feature", "cfg_attr(feature", "cfg!(feature", "cfg(target_arch"]),
    );
}

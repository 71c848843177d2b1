//! The house's rules, read off the source. A broken one says what it is, why it is there, and where it is broken.

mod arrows;
mod dependencies;
mod documentation;
mod layers;
mod once;
mod rooms;
mod schemas;
mod shape;
mod source;
mod words;

/// Fails with the rule, its reason and every place that breaks it.
fn obeyed(rule: &str, why: &str, broken: &[String]) {
    assert!(broken.is_empty(), "\nRule: {rule}\nWhy:  {why}\nBroken in:\n  {}\n", broken.join("\n  "));
}

//! What the programs are built of.

use crate::{obeyed, source::read};

/// The packages of this project.
const OURS: [&str; 4] = ["bench", "faults", "storefront", "xtask"];

#[test]
fn every_dependency_is_a_published_package_with_a_checksum() {
    let lock = read("Cargo.lock");
    let mut broken = Vec::new();
    for package in lock.split("[[package]]").skip(1) {
        let member = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")));
            line.map(|rest| rest.trim_end_matches('"').to_owned())
        };
        let name = member("name").unwrap_or_default();
        match member("source") {
            None if OURS.contains(&name.as_str()) => {}
            None => broken.push(format!("Cargo.lock: {name} comes from a folder")),
            Some(source) if !source.starts_with("registry+") => broken.push(format!("Cargo.lock: {name} comes from {source}")),
            Some(_) if member("checksum").is_none_or(|checksum| checksum.len() != 64) => {
                broken.push(format!("Cargo.lock: {name} has no checksum"));
            }
            Some(_) => {}
        }
    }
    assert!(lock.matches("[[package]]").count() > 100, "the lock file was read");
    obeyed("every dependency is a published package with its checksum", "what is built is what was looked at", &broken);
}

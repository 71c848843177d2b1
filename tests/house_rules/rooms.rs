//! Rooms, which are folders, and their doors: what one sees when one opens them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    obeyed,
    source::{read, sources},
};

/// Files and folders in one folder, beside its `mod.rs`.
const DOORS: usize = 14;

/// Folders at the top of the server.
const ROOMS_OF_THE_SERVER: usize = 8;

/// What each folder of `src` holds; folders end in `/`.
fn doors() -> BTreeMap<String, BTreeSet<String>> {
    let mut doors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let mut folder = String::new();
        for step in source.name.split_inclusive('/') {
            if !["mod.rs", "lib.rs", "main.rs"].contains(&step) {
                doors.entry(folder.clone()).or_default().insert(step.to_owned());
            }
            folder.push_str(step);
        }
    }
    doors
}

#[test]
fn a_room_has_few_doors() {
    let broken: Vec<_> = doors()
        .into_iter()
        .filter(|(_, doors)| doors.len() > DOORS)
        .map(|(folder, doors)| format!("src/{folder} has {} doors", doors.len()))
        .collect();
    obeyed("a folder holds at most 14 files and folders beside its mod.rs", "one look tells which of them to open", &broken);
    let rooms: Vec<_> = doors().remove("server/").unwrap_or_default().into_iter().filter(|door| door.ends_with('/')).collect();
    assert!(!rooms.is_empty(), "the server was found");
    obeyed(
        "src/server has at most 8 folders",
        "its rooms are its subjects, and somebody new keeps them in mind",
        if rooms.len() > ROOMS_OF_THE_SERVER { &rooms } else { &[] },
    );
}

#[test]
fn every_file_is_part_of_a_program() {
    let names: BTreeSet<String> = sources().into_iter().map(|source| source.name).collect();
    let mut broken = Vec::new();
    for name in &names {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        if ["lib.rs", "main.rs"].contains(&file) {
            continue;
        }
        // The file that declares it: the mod.rs beside it, or the one above if it is a mod.rs itself.
        let (above, module) = match file {
            "mod.rs" => folder.rsplit_once('/').unwrap_or(("", folder)),
            file => (folder, file.trim_end_matches(".rs")),
        };
        let parent = match above {
            "" => "lib.rs".to_owned(),
            "bin/sandbox" => "bin/sandbox/main.rs".to_owned(),
            above => format!("{above}/mod.rs"),
        };
        let declares = |parent: &str, text: &str| names.contains(parent) && read(&format!("src/{parent}")).contains(text);
        // lib.rs chooses between files of two halves by their paths.
        let declared = declares(&parent, &format!("mod {module};")) || declares("lib.rs", &format!("path = \"{name}\""));
        if !declared {
            broken.push(format!("src/{name}: src/{parent} does not declare it"));
        }
    }
    obeyed("every file is declared by the mod.rs of its folder", "a file that nothing compiles is read in vain", &broken);
}

//! Which file of `src` knows which: no two know each other, however long the way round, and nobody knows what stands above.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    obeyed,
    source::{Source, sources},
};

/// What knows what, by file names from `src` on.
struct Arrows(BTreeMap<String, BTreeSet<String>>);

/// The files by the paths of their modules, one map for each program.
struct Modules<'a> {
    files: BTreeMap<Vec<&'a str>, &'a str>,
    /// Names that a file passes on from another one (`pub use`), and where they come from.
    passed_on: BTreeMap<(&'a str, String), String>,
}

/// The crate a file belongs to, and the path of its module in it.
fn module(file: &str) -> Vec<&str> {
    let (program, rest) = match file.strip_prefix("bin/sandbox/") {
        Some(rest) => ("storefront-sandbox", rest),
        None => ("storefront", file),
    };
    if file == "main.rs" {
        return vec!["storefront-main"];
    }
    let parts = rest.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib", "main"].contains(part));
    std::iter::once(program).chain(parts).collect()
}

impl<'a> Modules<'a> {
    fn of(sources: &'a [Source]) -> Self {
        let files = sources.iter().map(|source| (module(&source.name), source.name.as_str())).collect();
        let mut modules = Self { files, passed_on: BTreeMap::new() };
        let mut passed_on = BTreeMap::new();
        for source in sources {
            for path in source.passed_on() {
                let name = path.rsplit("::").next().unwrap_or_default().to_owned();
                if let Some(from) = modules.file_of(&source.name, &path) {
                    passed_on.insert((source.name.as_str(), name), from.to_owned());
                }
            }
        }
        modules.passed_on = passed_on;
        modules
    }

    /// The file that a path leads to, as it is written in `file`.
    fn file_of(&self, file: &str, path: &str) -> Option<&str> {
        let mut way = module(file);
        let mut steps = path.split("::").peekable();
        match steps.peek().copied()? {
            "crate" => way.truncate(1),
            "storefront" => way = vec!["storefront"],
            "super" | "self" => {}
            child => {
                let mut below = way.clone();
                below.push(child);
                self.files.get(&below)?;
            }
        }
        let mut rest = Vec::new();
        for step in steps {
            match step {
                "crate" | "storefront" | "self" => {}
                "super" => drop(way.pop()),
                step if rest.is_empty() => {
                    way.push(step);
                    if !self.files.contains_key(&way) {
                        way.pop();
                        rest.push(step);
                    }
                }
                step => rest.push(step),
            }
        }
        let found = *self.files.get(&way)?;
        let from = rest.first().and_then(|name| self.passed_on.get(&(found, (*name).to_owned())));
        Some(from.map_or(found, String::as_str))
    }
}

impl Arrows {
    fn of(sources: &[Source]) -> Self {
        let modules = Modules::of(sources);
        let arrows = sources.iter().map(|source| {
            let known = source.paths().into_iter().filter_map(|path| modules.file_of(&source.name, &path));
            (source.name.clone(), known.filter(|file| *file != source.name).map(str::to_owned).collect())
        });
        Self(arrows.collect())
    }

    fn all_from<'a>(&'a self, file: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![file];
        while let Some(file) = open.pop() {
            let next = self.0.get(file).into_iter().flatten().map(String::as_str);
            open.extend(next.filter(|file| reached.insert(*file)));
        }
        reached
    }
}

#[test]
fn no_two_files_know_each_other() {
    let sources = sources();
    let arrows = Arrows::of(&sources);
    let count: usize = arrows.0.values().map(BTreeSet::len).sum();
    assert!(count > 1_000, "arrows were found: {count}");
    let reached: BTreeMap<&str, BTreeSet<&str>> = arrows.0.keys().map(|file| (file.as_str(), arrows.all_from(file))).collect();
    let mut broken = Vec::new();
    for (file, known) in &arrows.0 {
        let back = known.iter().filter(|other| reached.get(other.as_str()).is_some_and(|reached| reached.contains(file.as_str())));
        broken.extend(back.map(|other| format!("src/{file} -> src/{other} -> … -> src/{file}")));
    }
    obeyed("no circle of files that import each other", "neither can be read, tested or changed alone", &broken);
}

/// From the ground up. A file knows its own floor and those below. Several on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["named.rs", "unicode/", "platform/"],
    &["domain/", "protocol/"],
    &["config/"],
    &["error.rs", "islands/"],
    &["components/"],
    &["pages/"],
    &["app.rs"],
    &["server/"],
    &["commands/"],
    &["main.rs"],
];

/// Inside the server.
const FLOORS_OF_THE_SERVER: &[&[&str]] = &[
    &["server/store/"],
    &["server/running/"],
    &["server/platform/line/", "server/platform/callbacks/refusals.rs"],
    &["server/state.rs"],
    &["server/http/"],
    &["server/platform/", "server/reports/"],
    &["server/shop/"],
    &["server/admin/", "server/api/"],
    &["server/failures.rs"],
    &["server/router.rs"],
    &["server/start.rs"],
];

/// Inside the server's store.
const FLOORS_OF_THE_STORE: &[&[&str]] = &[
    &["server/store/engine/"],
    &["server/store/about.rs", "server/store/columns.rs"],
    &["server/store/database/"],
    &["server/store/people/", "server/store/shop/"],
    &["server/store/questions.rs", "server/store/roster.rs"],
    &["server/store/money/"],
    &["server/store/batches/", "server/store/checkout.rs"],
    &["server/store/told/"],
    &["server/store/reconciliation/"],
    &["server/store/seen/"],
    &["server/store/mod.rs"],
];

/// Inside the sandbox.
const FLOORS_OF_THE_SANDBOX: &[&[&str]] = &[
    &["bin/sandbox/running/"],
    &["bin/sandbox/faults.rs"],
    &["bin/sandbox/payments/"],
    &["bin/sandbox/ledger/"],
    &["bin/sandbox/sandbox.rs"],
    &["bin/sandbox/callbacks/"],
    &["bin/sandbox/acts/"],
    &["bin/sandbox/web/"],
    &["bin/sandbox/gate/", "bin/sandbox/data_api/", "bin/sandbox/payment_page/"],
    &["bin/sandbox/control/"],
    &["bin/sandbox/routes.rs"],
    &["bin/sandbox/main.rs"],
];

/// Arrows that lead up, or across to another room of the same floor.
fn upward(arrows: &Arrows, floors: &[&[&str]]) -> Vec<String> {
    let place = |file: &str| {
        let rooms = floors.iter().enumerate().flat_map(|(floor, rooms)| rooms.iter().map(move |room| (floor, *room)));
        rooms.filter(|(_, room)| file.starts_with(room)).max_by_key(|(_, room)| room.len())
    };
    let mut broken = Vec::new();
    for (file, known) in &arrows.0 {
        let Some((floor, room)) = place(file) else { continue };
        for other in known {
            let Some((other_floor, other_room)) = place(other) else { continue };
            if other_floor > floor || (other_floor == floor && other_room != room) {
                broken.push(format!("src/{file} -> src/{other}"));
            }
        }
    }
    broken
}

#[test]
fn arrows_lead_down() {
    let sources = sources();
    let arrows = Arrows::of(&sources);
    for floors in [FLOORS, FLOORS_OF_THE_SERVER, FLOORS_OF_THE_STORE, FLOORS_OF_THE_SANDBOX] {
        for room in floors.iter().copied().flatten() {
            assert!(sources.iter().any(|source| source.name.starts_with(room)), "nothing is in {room}");
        }
        obeyed(
            "a file knows its own room and what is on the floors below",
            "what stands below can be understood, and kept, without what stands above",
            &upward(&arrows, floors),
        );
    }
}

//! The source files, and the paths each one names.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A Rust file under `src`, without its tests and remarks.
pub struct Source {
    /// From `src` on: `server/store/mod.rs`.
    pub name: String,
    pub code: String,
}

/// From the package's folder.
pub fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder of the package.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rust = files("src").into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let sources: Vec<_> = rust
        .filter(|path| !path.ends_with("tests.rs"))
        .map(|path| Source { name: path.strip_prefix(&root).expect("below src").display().to_string(), code: code(&path) })
        .collect();
    assert!(sources.len() > 80, "the source was found");
    sources
}

fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = before_tests.lines().map(|line| match line.trim_start() {
        remark if remark.starts_with("//") => "",
        _ => line.split_once(" // ").map_or(line, |(code, _)| code),
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Source {
    pub fn is_in(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.name.starts_with(folder))
    }

    /// What the file passes on by `pub use`.
    pub fn passed_on(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for after in self.code.split("pub use ").skip(1) {
            let end = after.find(';').unwrap_or(0);
            expand("", &after[..end].split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
        }
        paths
    }

    /// Every `a::b::c` in the file, groups in `use` spelled out.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        let mut rest = self.code.as_str();
        while let Some((before, after)) = rest.split_once("use ") {
            paths.extend(plain_paths(before));
            let is_statement = before.is_empty() || before.ends_with(['\n', ' ']) || before.ends_with(") ");
            let end = after.find(';').unwrap_or(0);
            if is_statement {
                expand("", &after[..end].split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
            }
            rest = &after[end..];
        }
        paths.extend(plain_paths(rest));
        paths
    }

    /// Where a text stands: `name:line`.
    pub fn places_of(&self, text: &str) -> Vec<String> {
        let lines = self.code.lines().enumerate().filter(|(_, line)| line.contains(text));
        lines.map(|(number, line)| format!("src/{}:{}: {}", self.name, number + 1, line.trim())).collect()
    }
}

fn plain_paths(code: &str) -> Vec<String> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.filter(|word| word.contains("::")).map(|word| word.trim_matches(':').to_owned()).collect()
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, group)) = tree.split_once('{') else {
        paths.push(format!("{prefix}{}", tree.trim()));
        return;
    };
    let (mut depth, mut part) = (0, String::new());
    for c in group.strip_suffix('}').unwrap_or(group).chars().chain([',']) {
        match c {
            ',' if depth == 0 => {
                if !part.trim().is_empty() {
                    expand(&format!("{prefix}{}", head.trim()), part.trim(), paths);
                }
                part.clear();
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        part.push(c);
    }
}

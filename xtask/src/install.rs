//! Installs what is missing on this machine: the WASM target, PostgreSQL, and for the browser tests Node, two browsers
//! with fonts for every language of the shop, and the test packages.
//!
//! System packages come from Debian and only when this runs as root; otherwise it says what to do.

use crate::step::step;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's packages and the programs on the path they bring.
const PROGRAMS: [(&str, &str); 2] = [("nodejs", "node"), ("npm", "npm")];

/// Debian's packages, a file that is there once they are installed, and the variable that names a
/// browser used instead, with its own fonts.
const FILES: [(&str, &str, &str); 4] = [
    ("chromium", "/usr/bin/chromium", "CHROMIUM_PATH"),
    ("firefox-esr", "/usr/bin/firefox-esr", "FIREFOX_PATH"),
    ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "CHROMIUM_PATH"), // Korean on screenshots
    ("fonts-noto-color-emoji", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "CHROMIUM_PATH"),
];

pub fn everything() -> Result<()> {
    wasm_target()?;
    rules_tool()?;
    for_browser_tests()
}

/// Rust's standard library for browsers.
pub fn wasm_target() -> Result<()> {
    let rustc = Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]).output()?;
    let folder = String::from_utf8_lossy(&rustc.stdout);
    if rustc.status.success() && Path::new(folder.trim()).exists() {
        return Ok(());
    }
    step("adding the WASM target", Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
        .context("Rust cannot build for browsers yet: install rustup (https://rustup.rs), or your distribution's standard library for wasm32-unknown-unknown")
}

/// Node, the browsers, fonts and the packages of `end2end/`.
pub fn for_browser_tests() -> Result<()> {
    browser_packages()?;
    expect_node_20()?;
    node_packages()
}

/// The folder of PostgreSQL's programs, server included: of the newest version that Debian has, or else one of the path.
pub fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    system_packages("the tests need", &["postgresql"])?;
    find_postgres().context("PostgreSQL was installed, and its programs are nowhere")
}

fn find_postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered =
        versions.filter_map(|folder| Some((folder.file_name().to_str()?.parse::<u32>().ok()?, folder.path().join("bin"))));
    let mut of_debian: Vec<_> = numbered.collect();
    of_debian.sort_unstable();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = of_debian.into_iter().rev().map(|(_, folder)| folder).chain(std::env::split_paths(&path));
    folders.into_iter().find(|folder| ["initdb", "postgres", "psql", "pg_dump"].iter().all(|name| folder.join(name).is_file()))
}

/// What the faults are made with: PostgreSQL's server, strace, a proxy, and a library that tells a wrong time.
pub fn for_faults() -> Result<()> {
    postgres()?;
    let is_missing = |program: &&str| !on_path(program) && !Path::new("/usr/sbin").join(program).exists();
    let missing: Vec<&str> = ["strace", "faketime", "haproxy"].into_iter().filter(is_missing).collect();
    if missing.is_empty() { Ok(()) } else { system_packages("the faults need", &missing) }
}

fn browser_packages() -> Result<()> {
    let programs = PROGRAMS.iter().filter(|(_, program)| !on_path(program)).map(|(package, _)| *package);
    let is_needed = |file: &str, instead: &str| std::env::var_os(instead).is_none() && !Path::new(file).exists();
    let files = FILES.iter().filter(|(_, file, instead)| is_needed(file, instead)).map(|(package, ..)| *package);
    let missing: Vec<&str> = programs.chain(files).collect();
    if missing.is_empty() { Ok(()) } else { system_packages("the browser tests need", &missing) }
}

fn system_packages(need: &str, missing: &[&str]) -> Result<()> {
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!("{need} {}. On Debian:\n\n  sudo apt-get install {}\n", missing.join(", "), missing.join(" "));
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
        command
    };
    step("reading the list of system packages", apt().arg("update"))?;
    step(&format!("installing {}", missing.join(", ")), apt().args(["install", "--yes", "--no-install-recommends"]).args(missing))
}

/// Prometheus' tool for rules, which the tests of the alerts ask. Taken out of Debian's package, because installing that would start
/// a server.
pub fn rules_tool() -> Result<()> {
    const FOLDER: &str = "target/tools";
    if on_path("promtool") || Path::new(FOLDER).join("promtool").exists() {
        return Ok(());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("the tests of the alerts need promtool on the path: it is part of Prometheus");
    }
    std::fs::create_dir_all(FOLDER)?;
    if is_root() {
        step("reading the list of system packages", Command::new("apt-get").args(["--quiet", "update"]))?;
    }
    step("fetching promtool", Command::new("apt-get").args(["--quiet", "download", "prometheus"]).current_dir(FOLDER))?;
    let unpack =
        "dpkg-deb --fsys-tarfile prometheus_*.deb | tar --extract --strip-components=3 ./usr/bin/promtool && rm prometheus_*.deb";
    step("unpacking promtool", Command::new("sh").args(["-c", unpack]).current_dir(FOLDER))
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Playwright needs Node 20; Debian 12 has an older version.
fn expect_node_20() -> Result<()> {
    let node = Command::new("node").arg("--version").output().context("asking Node for its version")?;
    let version = String::from_utf8_lossy(&node.stdout);
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major < Some(20) {
        bail!("the browser tests need Node 20 or newer, this is {}", version.trim());
    }
    Ok(())
}

/// `npm ci`, when there are no packages yet or the lock file is newer than they are.
fn node_packages() -> Result<()> {
    let written = |file: &str| std::fs::metadata(file).and_then(|found| found.modified()).ok();
    let installed = written("end2end/node_modules/.package-lock.json");
    if installed.is_some() && installed >= written("end2end/package-lock.json") {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir("end2end").env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    step("installing the packages of the browser tests", &mut npm)
}

#[cfg(unix)]
fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

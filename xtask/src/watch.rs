//! `dev`: like `run`, but builds and starts both programs again after every change.
//!
//! A build that fails leaves the old shop running. Carts and orders are in its database, so a
//! restart loses nothing; pages in a browser reload themselves (`DEV_RELOAD`).

use crate::pair::{self, Pair, told_to_stop};
use crate::programs::{Profile, build_everything};
use crate::run::welcome;
use anyhow::{Error, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

const FOLDERS: [&str; 3] = ["src", "style", "public"];
const FILES: [&str; 4] = ["Cargo.toml", "Cargo.lock", "build.rs", ".env"];
/// A change here concerns the sandbox, too. Otherwise it keeps running, with the faults and the clock that were set.
const OF_THE_SANDBOX: [&str; 5] = ["src/bin", "src/platform", "src/protocol", "Cargo.toml", "Cargo.lock"];
const ENVIRONMENT: [(&str, &str); 2] = [("DEV_RELOAD", "1"), ("DEMO_OPERATOR", "1")];
/// An editor writes several files at once: wait until it is done.
const QUIET: Duration = Duration::from_millis(150);

pub fn dev() -> Result<()> {
    pair::expect_free_ports()?;
    let (_watcher, changes) = watch()?;
    pair::catch_stop()?;
    let mut running = None;
    let mut to_build = vec![PathBuf::from("Cargo.toml")]; // everything, at first
    let mut news = true;
    while !told_to_stop() {
        if news {
            match build_everything(Profile::Debug).and_then(|()| start(&mut running, &to_build)) {
                Ok(()) => to_build.clear(),
                Err(error) => wait_for_a_change(&error),
            }
        } else if let Some(Err(error)) = running.as_mut().map(Pair::still_running) {
            running = None;
            wait_for_a_change(&error);
        }
        let changed = next_changes(&changes);
        news = !changed.is_empty();
        to_build.extend(changed);
    }
    Ok(())
}

/// Starts both, or starts again what the change concerns. If that fails, neither runs.
fn start(running: &mut Option<Pair>, changed: &[PathBuf]) -> Result<()> {
    if let Some(mut pair) = running.take() {
        let sandbox = changed.iter().any(|path| OF_THE_SANDBOX.iter().any(|part| path.starts_with(part)));
        pair.restart(&ENVIRONMENT, sandbox)?;
        *running = Some(pair);
        eprintln!("» started again");
    } else if let Some(pair) = Pair::start(&ENVIRONMENT)? {
        *running = Some(pair);
        welcome();
    }
    Ok(())
}

fn wait_for_a_change(error: &Error) {
    if !told_to_stop() {
        eprintln!("\n{error:#}\nWaiting for a change.");
    }
}

fn watch() -> Result<(RecommendedWatcher, Receiver<notify::Result<Event>>)> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    // The root folder, not its files one by one: an editor may replace a file instead of writing into it.
    watcher.watch(Path::new("."), RecursiveMode::NonRecursive)?;
    for folder in FOLDERS.iter().map(Path::new).filter(|folder| folder.exists()) {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    Ok((watcher, changes))
}

/// What changed since the last call, once no more changes come. Empty if nothing changes for a short while.
fn next_changes(changes: &Receiver<notify::Result<Event>>) -> Vec<PathBuf> {
    let root = std::env::current_dir().unwrap_or_default();
    let mut changed = Vec::new();
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(Ok(event)) if !event.kind.is_access() => {
                let paths = event
                    .paths
                    .iter()
                    .filter_map(|path| path.strip_prefix(&root).ok().map(|path| path.strip_prefix(".").unwrap_or(path)));
                changed.extend(paths.filter(|path| matters(path)).map(PathBuf::from));
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return changed,
        }
    }
}

fn matters(path: &Path) -> bool {
    FOLDERS.iter().any(|folder| path.starts_with(folder) && path != Path::new(folder))
        || FILES.iter().any(|file| path == Path::new(file))
}

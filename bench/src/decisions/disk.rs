//! The disk below both programs: this machine's own, or one that takes longer to confirm what was written.
//!
//! Some machines confirm a flush from memory within microseconds, which hides what a flush costs elsewhere.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub enum Disk {
    AsItIs,
    /// Each flush takes a millisecond longer, because this library is preloaded.
    Slow(PathBuf),
}

const SOURCE: &str = include_str!("slow_disk.c");

/// How much longer a flush takes.
pub const DELAY: Duration = Duration::from_millis(1);
/// The name of the slow disk in the table.
pub const SLOW: &str = "+ 1 ms";

impl Disk {
    /// Compiles the library into `folder`.
    pub fn slow(folder: &Path) -> Result<Disk> {
        let (source, library) = (folder.join("slow_disk.c"), folder.join("slow_disk.so"));
        std::fs::write(&source, SOURCE)?;
        let mut compile = Command::new("cc");
        compile.args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
        let compiled = compile.status().context("a slow disk needs a C compiler, called cc")?;
        ensure!(compiled.success(), "the slow disk does not compile");
        Ok(Disk::Slow(library))
    }

    pub fn name(&self) -> &'static str {
        match self {
            Disk::AsItIs => "as it is",
            Disk::Slow(_) => SLOW,
        }
    }

    /// The path of a file that only this disk uses.
    pub fn file(&self, folder: &Path, name: &str) -> PathBuf {
        match self {
            Disk::AsItIs => folder.join(name),
            Disk::Slow(_) => folder.join(format!("slow-{name}")),
        }
    }

    /// Makes a program that is about to be started write to this disk.
    pub fn put_below(&self, command: &mut Command) {
        if let Disk::Slow(library) = self {
            command.env("LD_PRELOAD", library).env("FLUSH_DELAY_US", DELAY.as_micros().to_string());
        }
    }
}

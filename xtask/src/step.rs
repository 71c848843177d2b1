//! One step: announces what is done, does it, says how long it took, and stops if it failed.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Announces `what` and runs `command` to its end.
pub fn step(what: &str, command: &mut Command) -> Result<()> {
    timed(what, || {
        let status = command.stdin(Stdio::null()).status().with_context(|| format!("{what}: {} did not start", name(command)))?;
        if !status.success() {
            bail!("{what}: failed ({status}) at `{}`", line(command));
        }
        Ok(())
    })
}

/// Announces `what`, does `work`, and says how long it took if that was not very short.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("» {what}");
    let started = Instant::now();
    let result = work()?;
    let seconds = started.elapsed().as_secs_f32();
    if seconds >= 0.1 {
        eprintln!("  {seconds:.1} s");
    }
    Ok(result)
}

/// A `cargo` command with its arguments, written as one would type them.
pub fn cargo(arguments: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments.split_whitespace());
    command
}

/// The command as one would type it, to be tried again by hand.
pub fn line(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy());
    std::iter::once(name(command).into()).chain(words).collect::<Vec<_>>().join(" ")
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

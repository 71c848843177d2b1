//! Counts tests: reads the summaries of cargo and Playwright, and prints the total last.

use crate::step::{line, timed};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[derive(Default)]
pub struct Tally {
    passed: u32,
    failed: u32,
}

/// Does `work` and prints the total alone on the last line. A step that fails counts as at least one failed test.
pub fn counting(work: impl FnOnce(&mut Tally) -> Result<()>) -> Result<()> {
    let mut tally = Tally::default();
    let result = work(&mut tally);
    if let Err(error) = &result {
        eprintln!("\n{error:#}");
        tally.failed = tally.failed.max(1);
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    if result.is_err() {
        std::process::exit(1); // the reason was printed above
    }
    Ok(())
}

impl Tally {
    /// Runs a test program to its end, shows its output and counts its tests.
    pub fn count(&mut self, what: &str, command: &mut Command) -> Result<()> {
        timed(what, || {
            let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
            let mut child = started.with_context(|| format!("{what}: `{}` did not start", line(command)))?;
            for text in BufReader::new(child.stdout.take().context("its output is piped")?).lines() {
                let text = text?;
                println!("{text}");
                self.read(&text);
            }
            let status = child.wait()?;
            if !status.success() {
                bail!("{what}: failed ({status}) at `{}`", line(command));
            }
            Ok(())
        })
    }

    /// Reads a line: `test result: ok. 12 passed; 0 failed; …` of cargo, or such as `  12 passed (3.4s)` of Playwright.
    fn read(&mut self, text: &str) {
        let text = text.trim_start();
        let result = text.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "));
        let parts = result.map_or(text, |(_, counts)| counts);
        for part in parts.split("; ") {
            let mut words = part.split(' ');
            let (Some(Ok(count)), Some(word)) = (words.next().map(str::parse::<u32>), words.next()) else {
                return;
            };
            match word {
                "passed" | "flaky" => self.passed += count,
                "failed" | "interrupted" => self.failed += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn sum(text: &str) -> (u32, u32) {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.read(line));
        (tally.passed, tally.failed)
    }

    #[test]
    fn cargo_says_one_line_for_each_test_program() {
        let said = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(sum(said), (7, 2));
    }

    #[test]
    fn playwright_says_a_line_for_each_kind() {
        assert_eq!(
            sum("  1 failed\n    [desktop] › tests/home.spec.ts:3:1 › home\n  1 flaky\n  2 skipped\n  5 passed (3.4s)"),
            (6, 1)
        );
    }
}

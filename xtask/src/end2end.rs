//! `e2e`: the tests in a real browser, `end2end/tests/`. Each worker of Playwright starts a shop
//! and a sandbox of its own (`end2end/fixtures.ts`), so nothing has to run beforehand.

use crate::programs::{self, Profile, build_everything};
use crate::step::{cargo, step};
use crate::{install, tally::Tally};
use anyhow::Result;
use std::process::Command;

pub fn end2end(arguments: &[&str], tally: &mut Tally) -> Result<()> {
    install::for_browser_tests()?;
    build_everything(Profile::Debug)?;
    step("building what makes orders up", &mut cargo("build --package bench"))?;
    step("checking the types of the browser tests", npx().args(["tsc", "--noEmit"]))?;
    let mut playwright = npx();
    playwright.args(["playwright", "test"]).args(arguments).env("PROGRAMS", programs::folder()?);
    tally.count("the tests in a browser", &mut playwright)
}

fn npx() -> Command {
    let mut command = Command::new("npx");
    command.arg("--no-install").current_dir("end2end");
    command
}

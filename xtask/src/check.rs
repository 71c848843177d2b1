//! `check`: the fast half of the tests. Stops at the first step that fails.

use crate::programs::{Profile, build_everything};
use crate::step::{cargo, step};
use crate::{install, postgres, tally::Tally};
use anyhow::Result;

pub fn check(tally: &mut Tally) -> Result<()> {
    install::wasm_target()?;
    install::rules_tool()?;
    step("checking the format", &mut cargo("fmt --all --check"))?;
    step("lints for the server half", &mut cargo("clippy --workspace --all-targets --features storefront/ssr -- -D warnings"))?;
    // Only this step notices a page that uses server code.
    step(
        "lints for the browser half",
        &mut cargo("clippy --lib --target wasm32-unknown-unknown --features hydrate -- -D warnings"),
    )?;
    tally.count("the task runner's own tests", &mut cargo("test --package xtask"))?;
    build_everything(Profile::Debug)?; // the tests start the programs and look at target/site
    tally.count("all tests that need no browser", &mut cargo("test --features ssr --no-fail-fast"))
}

/// The tests from outside on PostgreSQL.
pub fn on_postgres(tally: &mut Tally) -> Result<()> {
    install::postgres()?;
    build_everything(Profile::Debug)?;
    postgres::beside(|variables| {
        let mut again = cargo("test --features ssr --no-fail-fast --test it -- --include-ignored");
        tally.count("the tests from outside, on PostgreSQL", again.envs(variables.iter().map(|(name, value)| (name, value))))
    })
}

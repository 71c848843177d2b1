//! The server half, `storefront` and `sandbox`, and the order in which everything is built.

use crate::step::{cargo, step};
use crate::{browser, install, site, styles};
use anyhow::{Context, Result};
use std::path::PathBuf;

#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    Debug,
    Release,
}

/// Builds the browser's files and both programs, as far as something changed.
pub fn build_everything(profile: Profile) -> Result<()> {
    install::wasm_target()?;
    browser::compile()?;
    let css = styles::compile()?;
    let pkg = site::stage(&target()?.join(browser::WASM), &css)?;
    build_programs(profile)?;
    site::copy_public()?;
    pkg.publish()
}

fn build_programs(profile: Profile) -> Result<()> {
    let mut command = cargo("build --features ssr --bins");
    if profile == Profile::Release {
        command.arg("--release");
    }
    step("building the shop and the sandbox", &mut command)
}

/// The folder of a profile's programs.
pub fn folder_of(profile: Profile) -> Result<PathBuf> {
    Ok(target()?.join(if profile == Profile::Release { "release" } else { "debug" }))
}

/// The folder of the debug programs, which is the folder of this one.
pub fn folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.parent().context("the task runner lies nowhere")?.to_owned())
}

/// Cargo's target folder, wherever it was configured to be.
pub fn target() -> Result<PathBuf> {
    Ok(folder()?.parent().context("the task runner does not lie in a target folder")?.to_owned())
}

//! The browser half: the library as WebAssembly, and the JavaScript that loads it.
//!
//! wasm-bindgen is used as a library, so that its version is pinned by `Cargo.lock` like every
//! other, and nothing has to be installed. The version must equal that of the shop's `wasm-bindgen`.

use crate::step::{cargo, step};
use anyhow::Result;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Raise this when [`bind`] changes: the files' names depend on it, and browsers keep them for ever.
pub const RECIPE: u8 = 1;

/// The library as cargo compiles it for browsers, below the target folder.
pub const WASM: &str = "wasm32-unknown-unknown/wasm-release/storefront.wasm";

/// Compiles the library, always for size, so that the tests use what customers get.
pub fn compile() -> Result<()> {
    step(
        "building the browser half",
        &mut cargo("build --lib --target wasm32-unknown-unknown --no-default-features --features hydrate --profile wasm-release"),
    )
}

/// Writes `NAME.js` and `NAME_bg.wasm` into `folder`.
pub fn bind(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false) // the JavaScript knows its WebAssembly by name
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}

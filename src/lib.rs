//! A shop that takes payments through ecommpay's hosted Payment Page. `docs/architecture.md` shows which part may use which.
//!
//! For server and browser:
//! - [`domain`]: the shop's rules in plain Rust: money, cart, order, refund, payout
//! - [`platform`]: tables of the payment platform: methods and their limits, statuses, codes
//! - [`unicode`]: normal forms of text
//! - [`i18n`]: the words of the shop's pages, from `src/texts`
//! - [`islands`]: the few parts of pages that act by themselves in the browser
//!
//! For the server alone:
//! - [`components`]: parts of pages; [`pages`]: one file a page; [`app`]: the document around every page
//! - [`error`]: the closed list of what a visitor is told when something fails
//! - [`protocol`]: the platform's language: signatures, Payment Page, callbacks, Gate, register; no I/O
//! - [`config`]: the settings
//! - [`server`]: everything that does I/O; begin with [`server::router`]
//! - [`commands`]: what the program does besides serving
//!
//! Programs: `main.rs` is the shop, `bin/sandbox` the sandbox.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a request must not end a process")]

/// The words of the shop's pages. `src/texts` holds one file a language; a key that English lacks does not compile.
// The macro is deprecated in favour of a build script, which would first compile an HTTP client and a WASM engine.
// `tests/house_rules` finds a text that another language lacks.
#[expect(deprecated, reason = "see above")]
mod texts {
    leptos_i18n::load_locales!();
}
pub use texts::i18n;

#[macro_use]
mod named;

pub mod domain;
pub mod islands;
pub mod platform;

/// The server uses a library's tables, the browser its own: that keeps the browser half small.
#[cfg_attr(feature = "ssr", path = "unicode/tables.rs")]
#[cfg_attr(not(feature = "ssr"), path = "unicode/browser.rs")]
pub mod unicode;

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod protocol;
#[cfg(feature = "ssr")]
pub mod server;

/// Wakes the islands. Called by the script that the document of a page with islands carries.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

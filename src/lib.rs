//! A shop that takes payments through ecommpay's hosted Payment Page, told from the outside in.
//!
//! Both halves:
//! - [`platform`]: what the payment platform calls things: methods and their rules, statuses
//! - [`domain`]: the shop in plain Rust: money, cart, checkout, order and its attempts
//! - [`unicode`]: normal forms of text
//! - [`i18n`]: every visible word, from `src/texts`
//! - [`components`]: parts of pages
//! - [`pages`]: one file a page
//! - [`islands`]: the few places where a page acts by itself in the browser
//!
//! The server half:
//! - [`protocol`]: the platform's language: signatures, Payment Page, callbacks; pure
//! - [`config`]: what the merchant sets
//! - [`server`]: everything that does I/O: store, routes, and the acts behind them
//! - [`commands`]: what the program does besides serving
//! - [`app`]: the document around every page
//! - [`error`]: the closed list of what a visitor is told when something fails
//!
//! Programs: `main.rs` is the shop, `bin/sandbox` the payment platform's twin.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a request must not end a process")]

/// Every visible word. `src/texts` holds one file a language; a key that is missing does not compile.
// The macro is marked deprecated in favour of a build script that compiles an HTTP client and a WASM engine first.
// A text missing in one language is found by `tests/house_rules`.
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

/// By a library's tables on the server, by the browser's own in the browser half, which stays small.
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

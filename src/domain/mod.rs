//! The shop's rules in plain Rust: no I/O, no clock, no randomness.
//!
//! - [`money`]: minor units of a currency; [`text`]: text that people type, compared by its visible part
//! - [`shop`]: products, cart, checkout and who buys
//! - [`orders`]: orders, their attempts, and how the platform's reports change them
//! - [`transfers`]: refunds and payouts, from the request to the end
//! - [`books`]: double entry of all money that moved; [`case`]: what waits for a person
//! - [`batch`]: files of refunds or payouts
//! - [`people`]: operators, what each may do, and the tokens of programs
//! - [`registry`], [`report`], [`reconciliation`], [`register`]: lists, figures and comparisons of all this

pub mod batch;
pub mod books;
pub mod case;
pub mod day;
pub mod money;
pub mod orders;
pub mod people;
pub mod reconciliation;
pub mod register;
pub mod registry;
pub mod report;
pub mod shop;
pub mod text;
pub mod transfers;

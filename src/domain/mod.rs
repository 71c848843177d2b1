//! The shop in plain Rust: what may be bought, asked, paid and refused. No I/O, no clock, no chance.
//!
//! - [`money`]: minor units of a currency; [`text`]: what people type, compared by what is seen of it
//! - [`shop`]: products, cart, checkout and who buys
//! - [`orders`]: an order, its attempts to be paid, and what each report of the platform does to them
//! - [`transfers`]: refunds and payouts, from being asked for to their end
//! - [`books`]: double entry of all money that moved; [`case`]: what waits for a person
//! - [`batch`]: files of refunds or payouts
//! - [`people`]: operators, what each may do, and the programs that may read
//! - [`registry`], [`report`], [`reconciliation`], [`register`]: what is read of all that

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

//! The shop in plain Rust: what may be bought, asked, paid and refused. No I/O, no clock, no chance.

pub mod api_token;
pub mod attempt;
pub mod batch;
pub mod books;
pub mod cart;
pub mod case;
pub mod checkout;
pub mod customer;
pub mod day;
pub mod explanation;
pub mod handover;
pub mod history;
pub mod listing;
pub mod market;
pub mod money;
pub mod operator;
pub mod order;
pub mod pauses;
pub mod payout;
pub mod product;
pub mod progress;
pub mod reconciliation;
pub mod refund;
pub mod registry;
pub mod report;
pub mod silence;

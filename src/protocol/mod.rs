//! The payment platform's protocol: no I/O, no clock, no types of the shop.
//!
//! - [`signed`]: JSON that carries a signature: how it is read, signed and checked; the key
//! - [`parameters`]: every Payment Page parameter by its wire name
//! - [`payment_page`]: the parameters of one payment, signed, as an address
//! - [`receipt`]: what a payment is for, as a parameter
//! - [`callback`]: makes a [`callback::VerifiedCallback`] of raw bytes and keys; nothing else can make one
//! - [`gate`]: direct sales, refunds, payouts, status: requests and answers
//! - [`register`]: the Data API's list of operations: requests and pages
//! - [`sandbox`]: the publicly known project that only the sandbox accepts

pub mod callback;
pub mod gate;
mod operations;
pub mod parameters;
pub mod payment_page;
pub mod receipt;
pub mod register;
pub mod sandbox;
pub mod signed;

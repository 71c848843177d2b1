//! The payment platform's language, pure: no I/O, no clock, no shop types.
//!
//! - [`signed`]: JSON that carries a signature: read strictly, signed, checked; the key
//! - [`parameters`]: every Payment Page parameter by its wire name
//! - [`payment_page`]: the parameters of one payment, signed, as an address
//! - [`receipt`]: what a payment is for, as one of them
//! - [`callback`]: raw bytes and key to [`callback::VerifiedCallback`], the only way to hold one
//! - [`gate`]: direct sales, refunds, payouts, status: requests and answers
//! - [`register`]: the Data API's list of operations: requests and pages
//! - [`sandbox`]: the project everyone knows, which only the sandbox accepts

pub mod callback;
pub mod gate;
mod operations;
pub mod parameters;
pub mod payment_page;
pub mod receipt;
pub mod register;
pub mod sandbox;
pub mod signed;

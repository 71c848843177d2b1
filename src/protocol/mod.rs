//! The payment platform's language, pure: no I/O, no clock, no shop types.
//!
//! - [`limits`]: how much a document may cost before anybody knows who sent it
//! - [`json`]: JSON read strictly, as a signature needs it
//! - [`signature`]: what is signed, signing, checking; the key
//! - [`parameters`]: every Payment Page parameter by its wire name
//! - [`payment_page`]: the parameters of one payment, signed, as an address
//! - [`receipt`]: what a payment is for, as one of them
//! - [`signed_document`]: JSON objects that carry their own signature, read and written
//! - [`callback`]: raw bytes and key to [`callback::VerifiedCallback`], the only way to hold one
//! - [`ambiguity`]: whether a signed object could be read in two ways where it matters
//! - [`gate`]: direct sales, refunds, payouts, status: requests and answers
//! - [`register`]: the Data API's list of operations: requests and pages
//! - [`sandbox`]: the project everyone knows, which only the sandbox accepts

pub mod ambiguity;
pub mod callback;
pub mod gate;
pub mod json;
pub mod limits;
mod members;
mod natural_order;
mod operations;
pub mod parameters;
pub mod payment_page;
pub mod receipt;
pub mod register;
pub mod sandbox;
pub mod signature;
pub mod signed_document;

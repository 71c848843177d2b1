//! What the platform tells by itself, from the request to the store, in this order:
//!
//! 1. [`receiving`]: a request comes in, and gets its answer
//! 2. [`verifying`]: checks the signature; [`refusals`]: the record of callbacks that fail it
//! 3. [`taking_in`]: translates it into the shop's words ([`statement`]) and hands it to the store, which records and applies it
//!    in one transaction: `server/store/told/callbacks.rs`, then `server/store/told/hearing.rs`

pub mod receiving;
pub mod refusals;
pub mod statement;
pub mod taking_in;
pub mod verifying;

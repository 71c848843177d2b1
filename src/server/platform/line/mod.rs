//! The connections to the platform.
//!
//! - [`gate`]: asks for sales, refunds, payouts and what became of them
//! - [`data_api`]: reads the platform's register
//! - [`connection`]: how both send, and how much of an answer they read

pub mod connection;
pub mod data_api;
pub mod gate;

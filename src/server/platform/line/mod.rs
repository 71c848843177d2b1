//! The lines to the platform.
//!
//! - [`gate`]: asks for sales, refunds, payouts and what became of them
//! - [`data_api`]: reads the platform's register
//! - [`answer_body`]: how much of an answer is read
//! - [`verifying`]: whether a callback is the platform's; [`refusals`]: those that are not, on their way into their record

pub mod answer_body;
pub mod data_api;
pub mod gate;
pub mod refusals;
pub mod verifying;

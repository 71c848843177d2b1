//! What the platform tells, and what it is asked for.
//!
//! - [`callbacks`]: each is kept, then heard once; [`refused_callbacks`]: those that were not the platform's
//! - [`hearing`]: what a report moves; [`refunds_heard`], [`payouts_heard`]
//! - [`inquiries`]: what is asked when; [`matters`]: why
//! - [`cases`]: what waits for a person

pub mod callbacks;
pub mod cases;
pub mod hearing;
pub mod inquiries;
pub mod matters;
pub mod payouts_heard;
pub mod refunds_heard;
pub mod refused_callbacks;

//! What the platform tells.
//!
//! - [`callbacks`]: each is kept, then heard once; [`refused_callbacks`]: those that were not the platform's
//! - [`hearing`]: what a report moves; [`refunds_heard`], [`payouts_heard`]
//! - [`matters`]: why the platform is asked about a payment, and until when
//! - [`cases`]: what waits for a person; [`case_decisions`]: what the person does with it

pub mod callbacks;
pub mod case_decisions;
pub mod cases;
pub mod hearing;
pub mod matters;
pub mod payouts_heard;
pub mod refunds_heard;
pub mod refused_callbacks;

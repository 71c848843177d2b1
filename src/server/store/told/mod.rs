//! What the platform tells: each callback is kept, then heard once.
//!
//! - [`callbacks`]: written down and heard, in one transaction; [`applying_again`]: heard once more
//! - [`incoming`]: what a callback says; [`journal`]: its row; [`refused_callbacks`]: those that were not the platform's
//! - [`readings`], [`hearing`]: what it moves; [`refunds_heard`], [`payouts_heard`]; [`unknown_payments`]
//! - [`matters`]: why the platform is asked about a payment, and until when
//! - [`cases`]: what waits for a person; [`case_decisions`]: what the person does with it

pub mod applying_again;
pub mod callbacks;
pub mod case_decisions;
pub mod cases;
pub mod hearing;
pub mod incoming;
pub mod journal;
pub mod matters;
pub mod payouts_heard;
pub mod readings;
pub mod refunds_heard;
pub mod refused_callbacks;
pub mod unknown_payments;

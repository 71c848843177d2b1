//! Acts: each moves a payment and queues the callbacks that tell it, in one transaction.
//!
//! - [`sale`], [`refund`], [`payout`]: what begins; [`decision`]: what becomes of a refund or payout
//! - [`due`]: what time does by itself
//! - [`step`]: what all acts share; [`refused`]: why the platform does not accept one

pub mod decision;
pub mod due;
pub mod payout;
pub mod refund;
pub mod refused;
pub mod sale;
mod step;

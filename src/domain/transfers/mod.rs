//! Money that the shop asks the platform to move: who may get how much, and how far each transfer has come.

pub mod payout;
pub mod payout_order;
pub mod progress;
pub mod refund;
pub mod silence;

//! Payments and their operations: plain data, and the values in them.
//!
//! - [`payment`], [`operation`], [`verdict`]: what there is, and what can become of it
//! - [`fields`], [`frame_mode`]: the parameters of a payment; how its pages are framed
//! - [`amount`], [`email`], [`last_name`]: values

pub mod amount;
pub mod email;
pub mod fields;
pub mod frame_mode;
pub mod last_name;
pub mod operation;
pub mod payment;
pub mod verdict;

//! Payments and their operations, and the acts that move them.
//!
//! - [`payment`], [`operation`], [`verdict`]: what there is, and what becomes of it
//! - [`sale`]: the acts of a sale; [`act`]: what all acts share
//! - [`amount`], [`last_name`]: values

pub mod act;
pub mod amount;
pub mod last_name;
pub mod operation;
pub mod payment;
pub mod sale;
pub mod verdict;

//! The shop's books compared with the platform's register.
//!
//! - [`known`]: what the shop knows; [`comparisons`]: each from its begin to its end; [`differences`]: what one found

pub mod comparisons;
pub mod differences;
pub mod known;

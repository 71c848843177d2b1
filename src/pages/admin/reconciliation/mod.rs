//! Pages about the books beside the platform's register.

pub mod comparisons;
pub mod differences;

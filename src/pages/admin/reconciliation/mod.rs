//! Pages about the books beside the platform's register.

pub mod comparison_view;
pub mod comparisons;
pub mod differences;

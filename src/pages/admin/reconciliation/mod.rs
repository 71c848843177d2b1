//! Pages that compare the shop's books with the platform's register.

pub mod comparison_view;
pub mod comparisons;
pub mod differences;

//! Parts of pages. They are given what they show and fetch nothing.

pub mod chart;
pub mod fields;
pub mod layout;
pub mod moments;
pub mod office;
pub mod order_summary;
pub mod price;
pub mod raw_body;

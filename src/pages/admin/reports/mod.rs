//! Pages of the reports: figures of some days, and the rows behind each.

mod figures;
pub mod filter_form;
mod money;
mod orders;
pub mod report;
pub mod rows;

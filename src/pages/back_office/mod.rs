//! The pages of the back office, in English: one file a page. The acts that fill them are in `server/admin`.

pub mod account;
pub mod acts;
pub mod batch;
pub mod batch_steps;
pub mod batches;
pub mod callbacks;
pub mod cases;
pub mod customer;
pub mod differences;
pub mod invitation;
pub mod operators;
pub mod order;
pub mod orders;
mod orders_filter;
pub mod payouts;
pub mod reconciliation;
pub mod refund_form;
pub mod report_rows;
pub mod reports;
pub mod resume;
pub mod several_cases;
pub mod sign_in;
pub mod timeline;
pub mod tokens;

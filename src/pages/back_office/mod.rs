//! The pages of the back office, in English: one file a page. The acts that fill them are in `server/admin`.

pub mod account;
pub mod acts;
pub mod callbacks;
pub mod cases;
pub mod customer;
pub mod operators;
pub mod order;
pub mod payouts;
pub mod refund_form;
pub mod resume;
pub mod sign_in;
pub mod timeline;

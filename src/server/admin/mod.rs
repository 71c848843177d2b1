//! The back office, under `/admin`. Begin with [`routes`]: every address, and who may open it.
//!
//! - [`people`]: in and out, who works here and what each may
//! - [`orders`]: orders, customers, refunds and payouts; [`batches`]: files of them
//! - [`callbacks`]: what the platform told, and what of it waits for a person
//! - [`reports`]: figures and the rows behind them; [`reconciliation`]: the register beside the shop's books
//! - [`acts`]: what operators did
//! - [`office`]: a page inside the back office's frame; [`live`]: pages that change by themselves
//! - [`money_form`]: how a form moves money once; [`lists`]: what all lists share

pub mod acts;
pub mod batches;
pub mod callbacks;
mod lists;
mod live;
mod money_form;
pub mod office;
pub mod orders;
pub mod people;
pub mod reconciliation;
pub mod reports;
pub mod routes;

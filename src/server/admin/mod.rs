//! The back office, under `/admin`. Begin with [`routes`]: every address, and who may open it.
//!
//! - [`guard`]: stands in front of each address; [`session`]: who is signed in
//! - [`sign_in`], [`account`]: in and out, one's own password and second factor; [`second_factor`]: codes
//! - [`step_up`]: proves again who it is before money leaves
//! - [`people`]: invitations, and devices that signed in before
//! - [`operators`]: who works here, [`acts`]: what they did; [`owners`]: those the settings name
//! - [`reconciliation`]: the register beside the shop's books
//! - [`tokens`]: which programs may read the register
//! - [`resume`]: what was typed before the session was over
//! - [`orders`]: the registry of orders and its files
//! - [`reports`]: figures, the rows behind them, and files of both
//! - [`batches`]: files of refunds or payouts, [`batch_upload`], [`batch_acts`]
//! - [`callbacks`], [`cases`], [`several_cases`]: what the platform told, and what of it waits for a person
//! - [`order`]: one order; [`customer`], [`payouts`]: to whom money goes; [`refunding`], [`money_form`]: how a form moves money once; [`live`]: pages that change by themselves
//! - [`office`]: a page inside the back office's frame

pub mod account;
pub mod acts;
pub mod batch_acts;
pub mod batch_upload;
pub mod batches;
pub mod callbacks;
pub mod cases;
pub mod customer;
mod days;
pub mod guard;
mod live;
mod money_form;
pub mod office;
pub mod operators;
pub mod order;
pub mod orders;
pub mod owners;
pub mod payouts;
pub mod people;
pub mod reconciliation;
mod refunding;
pub mod reports;
pub mod resume;
pub mod routes;
pub mod second_factor;
pub mod session;
pub mod several_cases;
pub mod sign_in;
pub mod step_up;
pub mod tokens;

//! The hosted Payment Page, as customers and shops see it.
//!
//! - [`show`]: `/payment`, from the signed parameters ([`parameters`], [`flag`]); [`refusal`]: what is wrong with them
//! - [`payment_form`]: what the customer fills in ([`answers`]); [`confirm`]: pressing Pay
//! - [`provider`]: the wallet's or bank's own page; [`result`], [`result_event`], [`return_links`]: the way back
//! - [`receipt`]: what was bought; [`example`]: a page that embeds the Payment Page as a shop does

pub mod answers;
pub mod confirm;
pub mod example;
pub mod flag;
pub mod parameters;
pub mod payment_form;
pub mod provider;
pub mod receipt;
pub mod refusal;
pub mod result;
pub mod result_event;
pub mod return_links;
pub mod show;

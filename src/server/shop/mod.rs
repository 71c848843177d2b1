//! What customers do.
//!
//! - [`catalogue`]: what there is (from [`catalogue_file`]); [`cart`]
//! - [`checkout`], by the form [`checkout_form`]; [`order`]: the page of an order, and trying again
//! - [`payment_page`]: an order in the platform's words; [`opening`]: how the Payment Page is opened
//! - [`sales`], [`handover`]: sales without the Payment Page, and the page on which their customers wait
//! - [`ordering_browser`]: whether this browser placed the order
//! - [`expiry`]: removes old carts and unpaid orders; [`totals`]: keeps what the registry sums up short

pub mod cart;
pub mod catalogue;
pub mod catalogue_file;
pub mod checkout;
pub mod checkout_form;
pub mod expiry;
pub mod handover;
pub mod opening;
pub mod order;
pub mod ordering_browser;
pub mod payment_page;
pub mod sales;
pub mod totals;

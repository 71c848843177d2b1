//! Pages about orders and customers: the registry, one order, one customer, payouts.

pub mod customer;
pub mod order;
pub mod payouts;
pub mod refund_form;
pub mod registry;
mod registry_filter;
pub mod timeline;

//! The registry of orders: what is told of each at a glance, which of them are wanted, and what they come to.

mod entry;
mod filter;

pub use entry::{Entry, Glance, Listing, Sums};
pub use filter::{ListPosition, ORDER_FIELDS, ORDER_LINKS, OrderFilter, OrderListKey, Sort, States};

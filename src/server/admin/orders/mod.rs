//! Orders, and the money that belongs to them.
//!
//! - [`registry`]: all orders, filtered, and their files; [`order`]: one of them
//! - [`refunding`]: giving back; [`customer`], [`payouts`]: to whom money goes

pub mod customer;
pub mod order;
pub mod orders_csv;
pub mod payouts;
pub mod refunding;
pub mod registry;

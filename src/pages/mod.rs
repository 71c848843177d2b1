//! One file a page: what it shows, given what it needs. The acts that fill them are in `server`.

pub mod admin;
pub mod cart;
pub mod catalogue;
pub mod checkout;
pub mod failure;
pub mod handover;
pub mod order;
pub mod order_ways;
pub mod product;
pub mod terms;
pub mod way_out;

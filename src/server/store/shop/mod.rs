//! Carts, stock, orders and the attempts to pay them, as rows. What nobody uses any more expires.
//!
//! - [`orders`], [`attempts`]: read whole, written, changed; [`glance`]: what the registry shows of an order
//! - [`stock`]: what is left to buy; [`carts`]; [`expiry`]

pub mod attempts;
pub mod carts;
pub mod expiry;
pub mod glance;
pub mod orders;
pub mod status_words;
pub mod stock;

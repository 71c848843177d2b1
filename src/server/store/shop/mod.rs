//! Carts, stock, orders and the attempts to pay them; what nobody used any more expires.

pub mod attempts;
pub mod carts;
pub mod expiry;
pub mod generated;
pub mod orders;
pub mod stock;

//! Buying: what is on sale in which market, the cart, and what checkout asks of a customer.

pub mod cart;
pub mod checkout;
pub mod customer;
pub mod market;
pub mod product;

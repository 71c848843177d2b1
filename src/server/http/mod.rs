//! What stands between a stranger and the pages: how many connections, streams and requests an address gets.
//!
//! - [`places`]: counted places that are given back by themselves
//! - [`connections`]: open connections
//! - [`rates`], [`pace`]: requests, by whoever asks
//! - [`event_streams`]: streams of an order's news, and the one look that all of them share

pub mod connections;
pub mod event_streams;
pub mod pace;
pub mod places;
pub mod rates;

//! Everything that does I/O. Begin with [`router`]: it lists every address and the act behind it.
//!
//! - [`shop`]: what customers do, from the catalogue to the page of their order
//! - [`platform`]: what is said to the payment platform, and what it says
//! - [`admin`]: the back office; [`api`]: the register of operations for programs
//! - [`reports`]: what happened, in figures and files
//! - [`store`]: what the shop remembers; all SQL
//! - [`http`]: a browser's request in, a page out; [`failures`]: the page of what failed
//! - [`running`]: time, chance, limits, the log, and work that goes on by itself
//! - [`start`] builds all of it; [`state`] is what every request may use

pub mod admin;
pub mod api;
mod failures;
pub mod http;
pub mod platform;
pub mod reports;
pub mod router;
pub mod running;
pub mod shop;
pub mod start;
pub mod state;
pub mod store;

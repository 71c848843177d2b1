//! What the program stands on while it runs.
//!
//! - [`clock`], [`chance`]: the only places that ask for time and chance; [`calendar`]: moments as the merchant's days
//! - [`limits`]: what a stranger may use up, each with its reason
//! - kept by [`connections`]; [`places`] (so many at once) and [`rates`] (so often), of which [`watching`] and [`paces`] are made
//! - [`proxies`]: whose word on the customer's address is believed
//! - [`readiness`]: one answer for all who ask whether the shop is ready
//! - [`log`]: lines that nobody waits for; [`workers`]: work that goes on by itself is kept running

pub mod calendar;
pub mod chance;
pub mod clock;
pub mod connections;
pub mod limits;
pub mod log;
pub mod paces;
pub mod places;
pub mod proxies;
pub mod rates;
pub mod readiness;
pub mod watching;
pub mod workers;

//! What all of the server uses while it runs.
//!
//! - [`clock`], [`chance`]: the only places that ask for time and chance; [`calendar`]: moments as the merchant's days
//! - [`limits`]: sizes, times and numbers that somebody outside may use, each with its reason
//! - they are enforced by [`connections`], [`places`] (so many at once) with [`watching`], and [`rates`] (so often) with [`paces`]
//! - [`proxies`]: whose header about the customer's address is believed
//! - [`readiness`]: one answer for all who ask whether the shop is ready
//! - [`telling`]: log, figures and traces; [`threads`]: where much work is done; [`workers`]: work that goes on by itself, and which of
//!   several shops does it

pub mod calendar;
pub mod chance;
pub mod clock;
pub mod connections;
pub mod limits;
pub mod paces;
pub mod places;
pub mod proxies;
pub mod rates;
pub mod readiness;
pub mod telling;
pub mod threads;
pub mod watching;
pub mod workers;

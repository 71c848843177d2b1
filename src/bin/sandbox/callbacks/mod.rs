//! Callbacks: their [`body`], the [`queue`] they wait in, the [`delivery`], and the retry [`schedule`] of its tries.

pub mod body;
pub mod delivery;
pub mod queue;
pub mod schedule;

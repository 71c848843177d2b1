//! Pages about files of refunds or payouts.

pub mod batch;
pub mod batch_view;
pub mod list;
mod state_mark;
mod steps;

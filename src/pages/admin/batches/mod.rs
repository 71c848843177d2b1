//! Pages about files of refunds or payouts.

pub mod batch;
pub mod batch_view;
pub mod list;
pub mod steps;

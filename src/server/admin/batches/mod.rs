//! Files of refunds or payouts: [`upload`], [`show`], and how one is started: [`starting`].

pub mod show;
pub mod starting;
pub mod upload;

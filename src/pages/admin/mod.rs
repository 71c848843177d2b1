//! The pages of the back office, in English. Their folders are those of `server/admin`, where the acts that fill them are.

pub mod batches;
pub mod callbacks;
pub mod orders;
pub mod people;
pub mod reconciliation;
pub mod reports;

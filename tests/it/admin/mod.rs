//! The back office, in folders that follow its addresses.

mod acts;
mod batches;
mod callbacks;
mod live_pages;
mod orders;
mod payouts;
mod people;
mod reconciliation;
mod reports;

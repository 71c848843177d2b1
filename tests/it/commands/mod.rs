//! `storefront …` on the command line, a file for each command that has much to say.

mod books;
mod doctor;
mod payout;
mod reconcile;
mod refund;
mod signing;

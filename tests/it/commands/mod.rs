//! `storefront …` on the command line, a file for each command that has much to say.

mod backup;
mod books;
mod check;
mod doctor;
mod move_to;
mod payout;
mod reconcile;
mod refund;
mod signing;

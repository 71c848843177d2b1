//! What people look at: lists, files of orders, figures. Nothing here decides.

pub mod callback_journal;
pub mod customers;
pub mod listing;
pub mod order_files;
pub mod payout_list;
pub mod registry;
pub mod reports;

//! What people look at: lists, histories, figures. Nothing here decides.

pub mod beside_order;
pub mod callback_journal;
pub mod customer_history;
pub mod loose_ends;
pub mod order_history;
pub mod payouts;
pub mod register;
pub mod registry;
pub mod reports;
pub mod waiting;

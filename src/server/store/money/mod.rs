//! Money that leaves, and the books.
//!
//! - [`transfers`]: the one machine of sale, refund and payout requests; [`refunds`], [`payouts`]: what each may move
//! - [`books`]: the journal of double entry

pub mod books;
pub mod payouts;
pub mod refunds;
pub mod transfers;

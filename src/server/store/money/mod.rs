//! Money that leaves, and the books.
//!
//! - [`transfers`]: sales, refunds and payouts that the shop asked for, as rows; [`refunds`], [`payouts`]: what each may move
//! - [`sending`]: on their way to the platform; [`left_out`]: what the platform does not know
//! - [`allowance`]: how much one operator moves alone; [`books`]: the journal of double entry

pub mod allowance;
pub mod books;
pub mod left_out;
pub mod payouts;
pub mod refunds;
pub mod sending;
pub mod transfers;

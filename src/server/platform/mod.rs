//! What is said to the payment platform, and what it says.
//!
//! - [`line`]: the connections to Gate and the Data API
//! - [`callbacks`]: what the platform tells by itself; [`questions`]: what it is asked, and how often
//! - [`till`]: sends sales, refunds and payouts; [`batches`]: whole files of them
//! - [`cases`]: what waits for a person
//! - [`books`]: whether the journal of money agrees; [`reconciliation`]: the shop's books beside the platform's register

pub mod batches;
pub mod books;
pub mod callbacks;
pub mod cases;
pub mod line;
pub mod questions;
pub mod reconciliation;
pub mod till;

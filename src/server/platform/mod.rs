//! What is said to the payment platform, and what it says.
//!
//! - [`line`]: the lines themselves: Gate, the Data API, and whether a callback is the platform's
//! - [`callbacks`]: what the platform tells by itself; [`inquiries`]: what it is asked for
//! - [`till`]: where money leaves: sales, refunds and payouts; [`batches`]: whole files of them
//! - [`cases`]: what waits for a person
//! - [`books`]: whether the journal of money agrees; [`reconciliation`]: the shop's books beside the platform's register

pub mod batches;
pub mod books;
pub mod callbacks;
pub mod cases;
pub mod inquiries;
pub mod line;
pub mod reconciliation;
pub mod till;

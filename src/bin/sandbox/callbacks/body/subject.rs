//! What a callback is about.

use crate::payments::{operation::Operation, payment::Payment};

#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub payment: &'a Payment,
    pub operation: &'a Operation,
    /// Minor units given back of the payment so far.
    pub refunded: u64,
}

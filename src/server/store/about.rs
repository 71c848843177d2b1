//! What a decision is about.

/// All that a decision depends on belongs to this, or is held by a unique key. A database with many writers would lock it first;
/// SQLite has one writer and needs no lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A payment by its id, and so the order or payout it belongs to.
    Payment(String),
    /// A refund by its name, and so the payment that it gives back.
    Refund(String),
    /// An order by its token.
    Order(String),
    /// A cart by its token.
    Cart(String),
    /// A customer by id: what is paid out, and what is bought.
    Customer(String),
    /// A batch by id.
    Batch(i64),
    /// An operator by id.
    Operator(i64),
    /// An operator by address.
    Account(String),
    /// A case by id.
    Case(i64),
    /// The shop as a whole: its sessions, its tokens, its clean-up.
    Shop,
}

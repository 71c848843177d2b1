//! What a decision is about.

/// Whatever a decision reads in order to decide belongs to this, or is held by a unique key. An engine with many writers locks
/// it first; SQLite, with one writer, needs no lock.
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
    /// What there is only once in a shop: its sessions, its tokens, its clean-up.
    Shop,
}

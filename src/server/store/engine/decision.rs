//! What waits for a thread that owns a connection.

use super::tx::Tx;

/// A decision on its way. Dropped without an answer, it was not kept.
pub trait Decision: Send {
    /// Tells whether what it wrote is to be kept. It may be run again.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// What was kept is durable.
    fn answer(self: Box<Self>);
}

/// A look on its way.
pub type Look = Box<dyn FnOnce(&mut Tx<'_>) + Send>;

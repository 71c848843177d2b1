//! Orders and their attempts, how the platform's reports change them, and how they are explained to operators.

pub mod attempt;
pub mod beside;
pub mod event;
pub mod explanation;
pub mod handover;
pub mod history;
pub mod hold;
pub mod order;
pub mod standing;

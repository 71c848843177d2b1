//! An order, its attempts to be paid, what each report of the platform does to them, and how an operator is told.

pub mod attempt;
pub mod event;
pub mod explanation;
pub mod handover;
pub mod history;
pub mod hold;
pub mod order;

//! Comparisons of the shop's books with the platform's register: what differs, and what a person should do about it.
//!
//! An operation under way is no difference before its method's limit time, unless the register has an end that the shop
//! never heard. A declined refund made elsewhere and a sale that its customer abandoned are none either: no money moved.
//! Of several tries to pay one payment, a successful one counts, else the last.

mod advice;
mod compare;
mod comparison;
mod difference;
mod healing;
#[cfg(test)]
mod tests;

pub use advice::Remedy;
pub use compare::compare;
pub use comparison::{Comparison, ComparisonOutcome, End, FoundDifference};
pub use difference::{ComparedKind, Difference, DifferenceKind, Known, Registered, Side, outcome_of};
pub use healing::Healing;

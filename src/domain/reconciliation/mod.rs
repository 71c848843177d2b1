//! The shop's books beside the platform's register: what differs, and what a person does about it.
//!
//! What is under way on either side is no difference before the method's limit time is over, except that the register
//! knows an end the shop never heard. What was declined and never heard of at the other side moved no money: fine, too.
//! Of several tries to pay one payment a success counts, else the last.

mod advice;
mod compare;
mod difference;
mod run;
#[cfg(test)]
mod tests;

pub use advice::Remedy;
pub use compare::compare;
pub use difference::{ComparedInterval, ComparedKind, Difference, DifferenceKind, Known, Registered, Side, word_of};
pub use run::{ComparisonOutcome, End, FoundDifference, Run};

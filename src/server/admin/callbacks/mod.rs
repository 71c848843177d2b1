//! What the platform told: the [`journal`] of it, and the [`cases`] that wait for a person, one by one or [`several_cases`] at once.
//! [`page`]: all of it on one page

pub mod cases;
pub mod journal;
pub mod page;
pub mod several_cases;

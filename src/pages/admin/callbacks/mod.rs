//! Pages about what the platform told: its journal, and the cases that wait for a person.

pub mod cases;
pub mod journal;
pub mod several_cases;

//! Pages about what the platform told: its journal, and the cases that wait for a person.

pub mod case_view;
pub mod cases;
pub mod journal;
pub mod several_cases;

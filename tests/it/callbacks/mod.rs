//! `POST /callbacks`: what the platform tells, what it changes, and what waits for a person.

mod cases;
mod closing_cases;
mod costly;
mod forged;
mod meanwhile;
mod other_kinds;
mod payments;
mod refunds;
mod repeated;
mod timing;

//! Asking the platform for a payment's status: when, how often, about whom first, and until when.

mod lost_callbacks;
mod schedule;
mod under_flood;

//! The back office.

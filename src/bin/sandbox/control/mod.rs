//! `/control`: what the sandbox knows, and how to make it misbehave; for this machine alone. Shapes are part of the
//! outside contract.
//!
//! - [`payments`], [`questions`]: what is known; [`dashboard`]: what somebody does at the platform, past the shop
//! - [`faults`], [`register`], [`clock`]: what the sandbox does wrong, and its time
//! - [`panel`]: the same for people
//! - [`loopback`]: who may ask; [`json_object`], [`refusal`]: how it is asked and refused

pub mod clock;
pub mod dashboard;
pub mod faults;
mod json_object;
pub mod loopback;
pub mod panel;
pub mod payments;
pub mod questions;
mod refusal;
pub mod register;

//! The shop's books beside the platform's register: [`ours`] to compare, each comparison ([`runs`]) and its [`differences`].

pub mod differences;
pub mod ours;
pub mod runs;

//! Operators of the back office.

pub use super::roles::{Permission, Role, SumLimits};

/// An operator, as pages show them and acts record them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    pub id: i64,
    pub email: String,
    pub role: Role,
    /// A second factor is set up: a code is asked for at sign-in and before money leaves.
    pub has_second_factor: bool,
}

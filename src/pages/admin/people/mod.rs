//! Pages about operators: signing in, one's own account, all operators, tokens for programs, and the acts of each.

pub mod account;
pub mod acts;
pub mod invitation;
pub mod operators;
pub mod resume;
pub mod sign_in;
pub mod tokens;

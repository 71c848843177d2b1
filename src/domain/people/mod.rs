//! Operators of the back office, what each may do, and the tokens of programs.

pub mod api_token;
pub mod operator;
pub mod pauses;
pub mod roles;

//! Pages about those who work here: in and out, one's own account, operators, tokens, and what each did.

pub mod account;
pub mod acts;
pub mod invitation;
pub mod operators;
pub mod resume;
pub mod sign_in;
pub mod tokens;

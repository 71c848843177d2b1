//! `POST /api/operations`: the register as JSON, for programs with a token.

mod description;
mod ends;
mod operations;
mod tokens;

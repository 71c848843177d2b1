//! The API for programs: begin with [`operations`].
//!
//! - [`question`]: what a request asks for; [`refused`]: why it gets nothing
//! - [`description`]: all of it as OpenAPI

pub mod description;
pub mod operations;
pub mod question;
pub mod refused;

/// Whether an address is a program's: there no answer is ever a page.
pub fn is_of_programs(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

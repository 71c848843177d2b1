//! The sandbox's project, whose secrets are public and protect nothing.
//! The shop falls back to it only while every platform address is a loopback address.

pub const PROJECT_ID: u64 = 3000;
pub const PROJECT_SECRET: &str = "sandbox-project-secret-known-to-everyone";
/// The key before the last rotation; the sandbox signs with it when asked to (`"signature": "previous_key"`).
pub const PREVIOUS_SECRET: &str = "sandbox-previous-secret-known-to-everyone";
/// 30 characters, as the platform's tokens have.
pub const DATA_API_TOKEN: &str = "SandboxDataTokenKnownToAll3000";
/// What the Data API's requests and answers are signed with.
pub const DATA_API_SECRET: &str = "sandbox-data-secret-known-to-everyone";

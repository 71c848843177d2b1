//! What the `storefront` program does besides serving: one file a command.

pub mod books;
pub mod cases;
pub mod doctor;
pub mod operator;
pub mod payment_url;
pub mod payout;
pub mod reconcile;
pub mod refund;
pub mod report;
pub mod sign;
pub mod verify;

/// Prints a line. Whoever would read it may be gone: what was done is done all the same.
macro_rules! say {
    ($($text:tt)*) => {{ let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($text)*))); }};
}
use say;

/// The same on standard error.
macro_rules! warn_of {
    ($($text:tt)*) => {{ let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{}\n", format_args!($($text)*))); }};
}
use warn_of;

use std::{io::Read, process::ExitCode};

use crate::protocol::signed::{json::Json, limits::Limits};

/// Input that is refused: its class goes to stderr, the program ends with 2.
pub const REFUSED: u8 = 2;

/// Says why on stderr and ends with 2.
pub fn refuse(class: impl std::fmt::Display) -> ExitCode {
    warn_of!("{class}");
    ExitCode::from(REFUSED)
}

/// All of standard input.
fn input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The JSON object on standard input, or the exit code of its refusal.
fn object() -> Result<Json, ExitCode> {
    let bytes = input().map_err(refuse)?;
    Json::parse_within(&Limits::TYPED, &bytes).map(|counted| counted.object).map_err(refuse)
}

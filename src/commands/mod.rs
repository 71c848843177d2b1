//! The commands of the program `storefront` besides `serve`, one file each.

pub mod backup;
pub mod books;
pub mod cases;
pub mod check;
pub mod doctor;
pub mod move_to;
pub mod operator;
pub mod payment_url;
pub mod payout;
pub mod reconcile;
pub mod refund;
pub mod report;
pub mod sign;
pub mod verify;

/// Prints a line. That nobody reads it is no error.
macro_rules! say {
    ($($text:tt)*) => {{ let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($text)*))); }};
}
use say;

/// The same on standard error.
macro_rules! warn_of {
    ($($text:tt)*) => {{ let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{}\n", format_args!($($text)*))); }};
}

use std::{io::Read, process::ExitCode};

use crate::{
    domain::{money::Money, transfers::progress::Progress},
    platform::code::meaning,
    protocol::signed::{document_limits::Limits, json::Json},
    server::store::StoreError,
};

/// Input that is refused: its class goes to stderr, the program ends with 2.
pub const REFUSED: u8 = 2;

/// Says why on stderr and ends with 2.
pub fn refuse(class: impl std::fmt::Display) -> ExitCode {
    warn_of!("{class}");
    ExitCode::from(REFUSED)
}

/// Says why the database failed and ends with 1.
fn failed(error: &StoreError) -> ExitCode {
    warn_of!("{error}");
    ExitCode::FAILURE
}

/// Tells how far a refund or payout came, and ends with 1 if it was declined.
fn told_transfer(name: &str, amount: Money, progress: Progress, code: Option<&str>) -> ExitCode {
    let words = match (progress, code) {
        (Progress::Declined, Some(code)) => format!("{} (code {code})", meaning(code).unwrap_or("The platform declined it.")),
        (progress, _) => progress.meaning().to_owned(),
    };
    say!("{name}  {amount}  {}: {words}", progress.name());
    if progress == Progress::Declined { ExitCode::FAILURE } else { ExitCode::SUCCESS }
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

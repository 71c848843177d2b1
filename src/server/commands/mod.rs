//! What the `storefront` program does besides serving: one file a command.

pub mod cases;
pub mod doctor;
pub mod payment_url;
pub mod sign;
pub mod verify;

use std::{io::Read, process::ExitCode};

/// Input that is refused: its class goes to stderr, the program ends with 2.
pub const REFUSED: u8 = 2;

fn refuse(class: impl std::fmt::Display) -> ExitCode {
    eprintln!("{class}");
    ExitCode::from(REFUSED)
}

/// All of standard input.
fn input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

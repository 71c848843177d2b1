//! `storefront move-to`: the SQLite shop of `DATABASE_URL` into an empty PostgreSQL database.

use std::process::ExitCode;

use crate::{
    commands::{refuse, say},
    server::store::{MoveError, move_to},
};

/// Ends with 0 if the shop is there, with 2 if it was refused.
pub async fn run(database: String, address: String) -> ExitCode {
    match tokio::task::spawn_blocking(move || move_to(&database, &address, |line| say!("{line}"))).await {
        Ok(Ok(())) => {
            say!("moved: set DATABASE_URL to the new address and start the shop");
            ExitCode::SUCCESS
        }
        Ok(Err(error @ MoveError::Unmarked(..))) => {
            say!("moved: set DATABASE_URL to the new address and start the shop");
            refuse(error)
        }
        Ok(Err(error)) => refuse(error),
        Err(error) => refuse(error),
    }
}

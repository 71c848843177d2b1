//! `storefront backup`: a copy of a SQLite shop, also while it is served. It is there whole, or not at all.

use std::{path::PathBuf, process::ExitCode};

use crate::{
    commands::{refuse, say},
    server::store::back_up,
};

/// Ends with 0 if the copy is complete, with 2 if there is none.
pub async fn run(database: String, file: PathBuf) -> ExitCode {
    let name = file.display().to_string();
    match tokio::task::spawn_blocking(move || back_up(&database, &file)).await {
        Ok(Ok(())) => {
            say!("{name} is complete; DATABASE_URL=sqlite://{name} storefront check proves it whole");
            ExitCode::SUCCESS
        }
        Ok(Err(error)) => refuse(error),
        Err(error) => refuse(error),
    }
}

//! `storefront check`: is the database whole? It is only looked at, and may be a backup, or of a shop that runs.

use std::process::ExitCode;

use crate::{
    commands::{refuse, say},
    server::store::{Age, Store, StoreError},
};

/// Lines that are told of one kind of fault; there may be thousands.
const MOST_LINES: usize = 100;

/// Ends with 0 if it is whole, with 1 if it is not, with 2 if it cannot be opened.
pub async fn run(database: &str) -> ExitCode {
    let store = match Store::open_to_look(database).await {
        Ok(store) => store,
        Err(error) if error.is_damage() => {
            tell("pages", Err(error));
            return end(false);
        }
        Err(error) => return refuse(error),
    };
    let mut is_whole = tell("pages", store.damage().await);
    let age = store.age().await;
    let is_known = matches!(age, Ok(Age::Same));
    is_whole &= tell("version", age.map(|age| if age == Age::Same { Vec::new() } else { vec![age.to_string()] }));
    // The rest can be read only where this version made it.
    if is_known {
        is_whole &= tell("tables", store.schema_differences().await);
        is_whole &= tell("references", store.broken_references().await);
        is_whole &= tell("numbers", store.taken_numbers().await);
        is_whole &= tell("books", books(&store).await);
        is_whole &= tell("paid orders", store.paid_without_posting().await);
        is_whole &= tell("registry", store.registry_differences().await);
        is_whole &= tell("batches", store.rows_apart().await);
        if let Ok(true) = store.is_moved().await {
            say!("the shop of this file was moved to a server, and is not served from here any more");
        }
    }
    store.close().await;
    end(is_whole)
}

fn end(is_whole: bool) -> ExitCode {
    if !is_whole {
        say!("the database is NOT whole");
        return ExitCode::FAILURE;
    }
    say!("the database is whole");
    ExitCode::SUCCESS
}

async fn books(store: &Store) -> Result<Vec<String>, StoreError> {
    Ok(store.books().await?.differences.iter().map(ToString::to_string).collect())
}

/// Whether nothing was found.
fn tell(name: &str, found: Result<Vec<String>, StoreError>) -> bool {
    let found = found.unwrap_or_else(|error| vec![format!("they cannot be read: {error}")]);
    if found.is_empty() {
        say!("ok    {name}");
    }
    found.iter().take(MOST_LINES).for_each(|line| say!("FAIL  {name}: {line}"));
    if found.len() > MOST_LINES {
        say!("FAIL  {name}: and {} more", found.len() - MOST_LINES);
    }
    found.is_empty()
}

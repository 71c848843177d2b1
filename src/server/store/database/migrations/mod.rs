//! Brings a database up to date: what a new version adds, each step once. Both engines have the same tables.
//!
//! Shops of two versions may run on one database while one after the other is replaced. A migration that the older one cannot live
//! with says so (table `oldest_program`); it is refused while an older shop runs, and an older program then refuses to start.

use std::{thread::sleep, time::Duration};

use refinery::{Migration, Runner};
use rusqlite::Connection;

use crate::server::store::engine::{StoreError, Tx, params, postgres::Session};

mod sqlite {
    refinery::embed_migrations!("src/server/store/database/migrations/sqlite");
}

mod server {
    refinery::embed_migrations!("src/server/store/database/migrations/postgres");
}

/// For so long a shop is watched that may be gone: it says more often that it is there.
const WATCHED_FOR: Duration = Duration::from_secs(6);
/// Of two shops that begin at the same moment, one meets what the other does.
const TRIES: u32 = 5;
const TRIES_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// What a migration says that older programs cannot live with.
const NEEDS: &str = "UPDATE oldest_program SET version = ";

/// What a file says (`user_version`) whose shop was moved to a server: nobody serves from it by mistake.
pub const MOVED: i64 = 1;

pub fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    if is_moved(connection)? {
        return Err(StoreError::Moved);
    }
    let runner = sqlite::migrations::runner();
    if !is_newer(&mut Tx::Sqlite(connection), &runner)? {
        runner.run(connection)?;
    }
    Ok(())
}

pub fn bring_server_up_to_date(session: &mut Session) -> Result<(), StoreError> {
    let runner = server::migrations::runner();
    if is_newer(&mut Tx::Postgres(session), &runner)? {
        return Ok(());
    }
    expect_no_older_shop(session, &runner)?;
    let mut tries = 0;
    while let Err(error) = session.with_client(async |client| runner.run_async(client).await) {
        tries += 1;
        // Another shop may have begun at the same moment.
        if tries == TRIES {
            return Err(error.into());
        }
        sleep(TRIES_AGAIN_AFTER);
    }
    Ok(())
}

pub fn is_moved(connection: &Connection) -> Result<bool, StoreError> {
    let says: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(says == MOVED)
}

/// All migrations that this program knows: of a file, or of a server.
pub fn all(of_a_file: bool) -> Runner {
    if of_a_file { sqlite::migrations::runner() } else { server::migrations::runner() }
}

/// The triggers that they make on a server; those of a file have other names.
pub fn triggers_of_servers() -> Vec<String> {
    let known = server::migrations::runner();
    let texts = known.get_migrations().iter().filter_map(Migration::sql);
    let named = |part: &str| part.split_whitespace().next().map(str::to_owned);
    texts.flat_map(|text| text.split("CREATE TRIGGER ").skip(1).filter_map(named).collect::<Vec<_>>()).collect()
}

/// The newest migration that this program knows.
pub fn version() -> i64 {
    newest(&server::migrations::runner())
}

fn newest(runner: &Runner) -> i64 {
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or_default()
}

/// The newest migration that was applied. 0: none.
fn applied(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let has_history = match tx {
        Tx::Sqlite(_) => "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'refinery_schema_history'",
        Tx::Postgres(_) => "SELECT to_regclass('refinery_schema_history') IS NOT NULL",
    };
    if !tx.one(has_history, params![])? {
        return Ok(0);
    }
    tx.one("SELECT coalesce(max(version), 0) FROM refinery_schema_history", params![])
}

/// Whether a newer program brought the database further, and this one may use it all the same. Error: it may not.
fn is_newer(tx: &mut Tx<'_>, runner: &Runner) -> Result<bool, StoreError> {
    let (applied, known) = (applied(tx)?, newest(runner));
    if applied <= known {
        return Ok(false);
    }
    let oldest: i64 = tx.one("SELECT max(version) FROM oldest_program", params![])?;
    if oldest > known { Err(StoreError::Newer { applied, known }) } else { Ok(true) }
}

/// Whether shops run that could not live with a migration that is to be applied.
fn expect_no_older_shop(session: &mut Session, runner: &Runner) -> Result<(), StoreError> {
    let applied = applied(&mut Tx::Postgres(session))?;
    let needed = runner.get_migrations().iter().filter(|migration| i64::from(migration.version()) > applied);
    let Some((migration, needs)) =
        needed.filter_map(|migration| Some((migration, needs(migration)?))).max_by_key(|needed| needed.1)
    else {
        return Ok(());
    };
    let older = |session: &mut Session| -> Result<Vec<(String, i64)>, StoreError> {
        Tx::Postgres(session).all("SELECT run, beat FROM shops WHERE version < ?1", params![needs])
    };
    let before = if applied == 0 { Vec::new() } else { older(session)? };
    if before.is_empty() {
        return Ok(());
    }
    sleep(WATCHED_FOR);
    let beats = older(session)?.into_iter().any(|shop| !before.contains(&shop));
    if beats { Err(StoreError::OlderShopRuns(migration.to_string())) } else { Ok(()) }
}

/// The oldest program that can live with a migration, if it says so.
fn needs(migration: &Migration) -> Option<i64> {
    let (_, rest) = migration.sql()?.split_once(NEEDS)?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triggers_of_servers_are_found_in_the_migrations() {
        assert!(triggers_of_servers().contains(&"entries_are_complete".to_owned()));
    }
}

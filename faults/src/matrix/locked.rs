//! Another program keeps the database to itself for thirty seconds.

use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::story;
use crate::world::database::{Database, psql_command};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

const LOCKED_FOR: Duration = Duration::from_secs(30);
const LOCKED_SHORTLY: Duration = Duration::from_secs(8);

const ALL_TABLES: &str = "BEGIN; SELECT format('LOCK TABLE %s IN EXCLUSIVE MODE', string_agg(relname, ', ' ORDER BY relname)) \
                          FROM pg_stat_user_tables \\gexec\n\\echo locked\n";

pub fn locked(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    let time = if ground.is_short() { LOCKED_SHORTLY } else { LOCKED_FOR };
    story::beside(&world, || keep_to_oneself(&world.database, time))?;
    end::check(&world)
}

fn keep_to_oneself(database: &Database, time: Duration) -> Result<()> {
    match database {
        Database::File(_) => {
            let connection = database.connection()?;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            sleep(time);
            Ok(connection.execute_batch("ROLLBACK")?)
        }
        Database::Server { owner, .. } => {
            let mut psql = psql_command(owner).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let mut input = psql.stdin.take().context("its input")?;
            input.write_all(ALL_TABLES.as_bytes())?;
            let mut said = BufReader::new(psql.stdout.take().context("its answer")?).lines();
            ensure!(said.any(|line| line.is_ok_and(|line| line.contains("locked"))), "nothing is locked");
            sleep(time);
            // The end of its input ends it, and its transaction.
            drop(input);
            psql.wait()?;
            Ok(())
        }
    }
}

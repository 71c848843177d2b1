//! The server that a shop is moved to: one transaction, kept whole or not at all.

use std::{future::Future, pin::pin, time::Duration};

use futures::TryStreamExt;
use tokio::time::timeout;
use tokio_postgres::{binary_copy::BinaryCopyInWriter, types::Type};

use super::{
    error::MoveError,
    rows::{Fingerprint, SUMS, Total, all_rows, columns, kept},
    source::{Source, values},
};
use crate::{
    domain::books::Sum,
    server::store::{
        database::{
            age::{Age, age},
            migrations,
            schema::{Schema, Table},
        },
        engine::{
            Cell, StoreError, Tx, Value, params,
            postgres::{Address, Session, session::Purpose},
        },
    },
};

/// What one answer may take: a large table is checked at once.
const ANSWERS_TO_A_MOVE_WITHIN: Duration = Duration::from_secs(600);

/// A copy takes its time. The database ends it if this program is gone.
const PATIENCE: &str = "SET statement_timeout = 0; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '600s'";

pub struct Target(Session);

impl Target {
    /// Connects, and makes the tables if there are none.
    pub fn open(server: &Address) -> Result<Self, MoveError> {
        let mut session = Session::connect(server, Purpose::Decide)?;
        let tx = &mut Tx::Postgres(&mut session);
        if tx.one::<String>("SHOW transaction_read_only", params![])? == "on" {
            return Err(MoveError::ReadOnly);
        }
        match age(tx)? {
            Age::Same => {}
            Age::Empty => {
                let foreign: Option<String> = tx.first(
                    "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1 LIMIT 1",
                    params![],
                )?;
                if let Some(table) = foreign {
                    return Err(MoveError::Occupied(format!("a table {table} that is not a shop's")));
                }
                migrations::bring_server_up_to_date(&mut session)?;
            }
            other => return Err(MoveError::TargetOfOtherVersion(other.to_string())),
        }
        session.batch(PATIENCE)?;
        Ok(Self(session))
    }

    pub fn begin(&mut self) -> Result<(), MoveError> {
        Ok(self.0.batch("BEGIN ISOLATION LEVEL READ COMMITTED")?)
    }

    /// Nobody else writes until the end.
    pub fn keep_others_out(&mut self, schema: &Schema) -> Result<(), MoveError> {
        let names: Vec<&str> = schema.tables.iter().map(|table| table.name.as_str()).collect();
        Ok(self.0.batch(&format!("LOCK TABLE {} IN EXCLUSIVE MODE", names.join(", ")))?)
    }

    /// The first of these tables that holds something.
    pub fn first_occupied(&mut self, tables: &[&Table]) -> Result<Option<String>, MoveError> {
        let tx = &mut Tx::Postgres(&mut self.0);
        for Table { name, .. } in tables {
            if tx.one(&format!("SELECT count(*) > 0 FROM (SELECT 1 FROM {name} LIMIT 1) AS held"), params![])? {
                return Ok(Some(name.clone()));
            }
        }
        Ok(None)
    }

    /// Copies all rows of a table; tells what they say.
    pub fn copy(&mut self, source: &Source, table: &Table) -> Result<Fingerprint, MoveError> {
        let types: Vec<Type> = table.columns.iter().map(|column| column.kind.clone()).collect();
        let mut fingerprint = Fingerprint::default();
        self.0.with_client(async |client| {
            let copy = format!("COPY {} ({}) FROM STDIN BINARY", table.name, columns(table));
            let mut writer = pin!(BinaryCopyInWriter::new(heard(client.copy_in(&copy)).await?, &types));
            let mut statement = source.statement(table)?;
            let mut rows = statement.query(())?;
            while let Some(row) = rows.next()? {
                let row = values(row, table)?;
                fingerprint.take(&row);
                heard(writer.as_mut().write_raw(&row)).await?;
            }
            heard(writer.finish()).await?;
            Ok::<_, MoveError>(())
        })?;
        Ok(fingerprint)
    }

    pub fn read(&mut self, table: &Table) -> Result<Fingerprint, MoveError> {
        let mut fingerprint = Fingerprint::default();
        self.0.with_client(async |client| {
            let none: [Value<'_>; 0] = [];
            let statement = heard(client.prepare(&all_rows(table))).await?;
            let mut rows = pin!(heard(client.query_raw(&statement, none.iter())).await?);
            while let Some(row) = heard(rows.try_next()).await? {
                let value = |place| row.try_get::<_, Cell<'_>>(place).map(kept);
                fingerprint.take(&(0..table.columns.len()).map(value).collect::<Result<Vec<_>, _>>()?);
            }
            Ok::<_, MoveError>(())
        })?;
        Ok(fingerprint)
    }

    pub fn sums(&mut self) -> Result<Vec<Total>, MoveError> {
        let mut all = Vec::new();
        for sql in SUMS {
            let rows: Vec<(String, String, i64, i64)> = Tx::Postgres(&mut self.0).all(sql, params![])?;
            let total =
                |(what, currency, rows, minor): (_, _, _, i64)| Total { what, rows, sum: Sum { minor: minor.into(), currency } };
            all.extend(rows.into_iter().map(total));
        }
        Ok(all)
    }

    /// New rows are numbered after the copied ones.
    pub fn number_on(&mut self, tables: &[&Table]) -> Result<(), MoveError> {
        let tx = &mut Tx::Postgres(&mut self.0);
        for Table { name, .. } in tables.iter().filter(|table| table.is_numbered()) {
            let last: Option<i64> = tx.one(&format!("SELECT max(id) FROM {name}"), params![])?;
            if let Some(last) = last {
                let counts_on = format!("SELECT setval(pg_get_serial_sequence('{name}', 'id'), ?1)");
                tx.one::<Option<i64>>(&counts_on, params![last])?;
            }
        }
        Ok(())
    }

    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.0.batch("COMMIT")
    }
}

async fn heard<T, E: Into<StoreError>>(asked: impl Future<Output = Result<T, E>>) -> Result<T, StoreError> {
    match timeout(ANSWERS_TO_A_MOVE_WITHIN, asked).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(StoreError::NoAnswer),
    }
}

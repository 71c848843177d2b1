//! Whether a database is whole, as the database itself can tell: its pages, its tables, its references, its next numbers.

use std::collections::BTreeSet;

use super::{
    Store,
    age::{Age, age},
    migrations,
    schema::{self, Schema, Table},
};
use crate::server::store::engine::{StoreError, Tx, params};

/// All that a server holds, in the words of [`Schema::held`].
const HELD_BY_A_SERVER: &str = "
    SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE NOT tgisinternal AND tgenabled <> 'D' AND nspname = current_schema()
    UNION ALL SELECT lower(constraint_type) || ' ' || rule.table_name || ' (' || string_agg(column_name, ', ' ORDER BY ordinal_position) || ')'
    FROM information_schema.table_constraints AS rule JOIN information_schema.key_column_usage AS part
        ON part.constraint_schema = rule.constraint_schema AND part.constraint_name = rule.constraint_name
        AND part.table_name = rule.table_name
    WHERE rule.constraint_schema = current_schema() GROUP BY rule.constraint_name, constraint_type, rule.table_name";

impl Store {
    /// Which version's database it is.
    pub async fn age(&self) -> Result<Age, StoreError> {
        self.look(age).await
    }

    /// Whether the shop of this file was moved to a server.
    pub async fn is_moved(&self) -> Result<bool, StoreError> {
        self.look(|tx| if let Tx::Sqlite(connection) = tx { migrations::is_moved(connection) } else { Ok(false) }).await
    }

    /// Damage of the file, in SQLite's words. A server looks after its own files.
    pub async fn damage(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            let found = match tx.has_one_writer() {
                true => tx.all::<String>("PRAGMA integrity_check", params![])?,
                false => Vec::new(),
            };
            Ok(found.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }

    /// Tables, keys, indexes and triggers that a shop of this version makes and that are not there, or otherwise.
    pub async fn schema_differences(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            let schema = Schema::of_this_version()?;
            if let Tx::Sqlite(connection) = tx {
                let found = schema::made_by(connection)?;
                return Ok(schema.made_by.iter().filter_map(|(name, sql)| difference(name, sql, found.get(name))).collect());
            }
            let found: BTreeSet<String> = tx.all(HELD_BY_A_SERVER, params![])?.into_iter().collect();
            Ok(schema.held.iter().filter(|name| !found.contains(*name)).map(|name| format!("{name}: it is not there")).collect())
        })
        .await
    }

    /// Rows that name rows which are not there.
    pub async fn broken_references(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            let mut broken = Vec::new();
            for table in Schema::of_this_version()?.tables {
                broken.extend(broken_of(tx, &table)?);
            }
            Ok(broken)
        })
        .await
    }

    /// Tables whose next row would be given a number that is taken. A file numbers after the last row.
    pub async fn taken_numbers(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            if tx.has_one_writer() {
                return Ok(Vec::new());
            }
            let mut taken = Vec::new();
            for Table { name, .. } in Schema::of_this_version()?.tables.into_iter().filter(Table::is_numbered) {
                let last: i64 = tx.one(&format!("SELECT coalesce(max(id), 0) FROM {name}"), params![])?;
                let counter = format!("SELECT pg_get_serial_sequence('{name}', 'id')");
                let Some(counter) = tx.one::<Option<String>>(&counter, params![])? else { continue };
                let next: i64 =
                    tx.one(&format!("SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {counter}"), params![])?;
                if next <= last {
                    taken.push(format!("{name}: the next row would be number {next}, and {last} is taken"));
                }
            }
            Ok(taken)
        })
        .await
    }
}

fn difference(name: &str, sql: &str, found: Option<&String>) -> Option<String> {
    match found {
        None => Some(format!("{name}: it is not there")),
        Some(found) if found != sql => Some(format!("{name}: it is not as this version makes it")),
        Some(_) => None,
    }
}

fn broken_of(tx: &mut Tx<'_>, table: &Table) -> Result<Vec<String>, StoreError> {
    let mut broken = Vec::new();
    for reference in &table.references {
        let (name, column, of, key) = (&table.name, &reference.column, &reference.table, &reference.key);
        let lost: i64 = tx.one(
            &format!(
                "SELECT count(*) FROM {name} AS child WHERE child.{column} IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM {of} AS parent WHERE parent.{key} = child.{column})"
            ),
            params![],
        )?;
        if lost > 0 {
            broken.push(format!("{name}.{column}: the row of {of} that it names is not there ({lost}×)"));
        }
    }
    Ok(broken)
}

//! What the database of this version holds: read from a new one, which is made in memory for this.

use std::collections::BTreeMap;

use rusqlite::Connection;
use tokio_postgres::types::Type;

use super::migrations;
use crate::server::store::engine::StoreError;

/// All that is in a database by its kind and name: `column orders.email`, `index orders_by_email`, `unique orders (number)`.
const HELD: &str = "
    SELECT 'column ' || held.name || '.' || part.name FROM sqlite_master AS held JOIN pragma_table_info(held.name) AS part
    WHERE held.type IN ('table', 'view')
    UNION ALL SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
    UNION ALL SELECT 'primary key ' || held.name || ' (' || group_concat(part.name, ', ' ORDER BY part.pk) || ')'
    FROM sqlite_master AS held JOIN pragma_table_info(held.name) AS part WHERE held.type = 'table' AND part.pk > 0 GROUP BY held.name
    UNION ALL SELECT 'unique ' || held.name || ' (' || (SELECT group_concat(name, ', ' ORDER BY seqno) FROM pragma_index_info(key.name)) || ')'
    FROM sqlite_master AS held JOIN pragma_index_list(held.name) AS key WHERE held.type = 'table' AND key.origin = 'u'
    UNION ALL SELECT 'foreign key ' || held.name || ' (' || key.\"from\" || ')'
    FROM sqlite_master AS held JOIN pragma_foreign_key_list(held.name) AS key WHERE held.type = 'table'";

pub struct Schema {
    /// In order of their references: a table stands behind those that it names rows of.
    pub tables: Vec<Table>,
    /// What a file was told to make it, by kind and name: `table orders`.
    pub made_by: BTreeMap<String, String>,
    /// What a server must hold, by kind and name.
    pub held: Vec<String>,
}

pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
    pub references: Vec<Reference>,
}

pub struct Column {
    pub name: String,
    /// On a server.
    pub kind: Type,
}

/// A column whose values are keys of another table, or of the same one.
pub struct Reference {
    pub column: String,
    pub table: String,
    pub key: String,
}

impl Table {
    /// Whether the database gives its rows their numbers.
    pub fn is_numbered(&self) -> bool {
        self.key == ["id"]
    }
}

impl Schema {
    pub fn of_this_version() -> Result<Self, StoreError> {
        let mut new = Connection::open_in_memory()?;
        migrations::bring_up_to_date(&mut new)?;
        let names: Vec<String> = each(
            &new,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'refinery_schema_history' ORDER BY rowid",
            |row| row.get(0),
        )?;
        let tables = names.into_iter().map(|name| table(&new, name)).collect::<Result<Vec<_>, _>>()?;
        let mut held: Vec<String> = each(&new, HELD, |row| row.get(0))?;
        held.extend(migrations::triggers_of_servers().into_iter().map(|name| format!("trigger {name}")));
        Ok(Self { tables: in_order(tables), made_by: made_by(&new)?, held })
    }
}

/// What a file was told to make what it holds.
pub fn made_by(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    let made = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'";
    Ok(each(connection, made, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

fn table(new: &Connection, name: String) -> Result<Table, StoreError> {
    let parts: Vec<(String, String, i64)> =
        each(new, &format!("SELECT name, type, pk FROM pragma_table_info('{name}') ORDER BY cid"), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let mut key: Vec<(i64, String)> = parts.iter().filter(|part| part.2 > 0).map(|part| (part.2, part.0.clone())).collect();
    key.sort_unstable();
    let kind = |of: &str| match of {
        "INTEGER" => Type::INT8,
        "BLOB" => Type::BYTEA,
        _ => Type::TEXT,
    };
    let references = each(new, &format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('{name}')"), |row| {
        Ok(Reference { column: row.get(0)?, table: row.get(1)?, key: row.get(2)? })
    })?;
    Ok(Table {
        name,
        columns: parts.into_iter().map(|(name, of, _)| Column { name, kind: kind(&of) }).collect(),
        key: key.into_iter().map(|(_, name)| name).collect(),
        references,
    })
}

fn each<T>(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn in_order(mut waiting: Vec<Table>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let is_free = |table: &Table| {
            let others = table.references.iter().filter(|reference| reference.table != table.name);
            others.into_iter().all(|reference| ordered.iter().any(|before| before.name == reference.table))
        };
        let (free, bound): (Vec<Table>, Vec<Table>) = waiting.into_iter().partition(is_free);
        if free.is_empty() {
            // They name each other: no order helps.
            ordered.extend(bound);
            break;
        }
        ordered.extend(free);
        waiting = bound;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_stands_behind_those_that_it_names_rows_of() {
        let schema = Schema::of_this_version().expect("a database in memory");
        for (place, table) in schema.tables.iter().enumerate() {
            for reference in table.references.iter().filter(|reference| reference.table != table.name) {
                let of = schema.tables.iter().position(|other| other.name == reference.table).expect("its table");
                assert!(of < place, "{} names rows of {}", table.name, reference.table);
            }
            assert!(!table.key.is_empty() || table.name == "oldest_program", "{} has a key", table.name);
        }
        assert!(schema.tables.len() > 25 && schema.made_by.contains_key("table orders"));
        for held in [
            "column orders.email",
            "unique orders (number)",
            "primary key entries (posting, account)",
            "foreign key attempts (order_id)",
        ] {
            assert!(schema.held.iter().any(|one| one == held), "{held}");
        }
    }
}

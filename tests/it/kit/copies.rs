//! Databases beside a test's own: SQLite files, whatever server there is, and further databases of a server.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use crate::kit::{Folder, Said, Sandbox, Settings, TestShop, postgres, storefront};

/// A shop on SQLite.
pub async fn shop_in_a_file(changed: &[(&str, &str)]) -> TestShop {
    let folder = Folder::new();
    let address = ShopFile::of(&folder).address();
    let sandbox = Sandbox::start(&folder, changed);
    let changed: Vec<_> = [("DATABASE_URL", address.as_str())].into_iter().chain(changed.iter().copied()).collect();
    TestShop::open(folder, sandbox, &changed, Duration::ZERO).await
}

/// A file with a shop in it, seen and changed past the shop.
pub struct ShopFile(pub PathBuf);

impl ShopFile {
    pub fn of(folder: &Folder) -> Self {
        Self(folder.path("file.db"))
    }

    pub fn address(&self) -> String {
        format!("sqlite://{}", self.0.display())
    }

    pub fn changes(&self, sql: &str) {
        let connection = Connection::open(&self.0).expect("the file");
        connection.busy_timeout(Duration::from_secs(30)).expect("patience");
        connection.execute_batch(sql).expect(sql);
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.looked_at().query_row(sql, (), |row| row.get(0)).expect(sql)
    }

    /// Every row of every table, each as a text.
    pub fn all_rows(&self) -> BTreeMap<String, Vec<String>> {
        let connection = self.looked_at();
        let tables = each(&connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
        let rows = |table: &String| each(&connection, &format!("SELECT * FROM {table}"));
        tables.iter().map(|table| (table.clone(), rows(table))).collect()
    }

    fn looked_at(&self) -> Connection {
        Connection::open_with_flags(&self.0, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file")
    }
}

fn each(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect(sql);
    let columns = statement.column_count();
    let text = |row: &rusqlite::Row<'_>| {
        let cell = |place| match row.get_ref(place).expect("a value") {
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}"),
        };
        Ok((0..columns).map(cell).collect::<Vec<_>>().join("|"))
    };
    let mut rows: Vec<String> = statement.query_map((), text).and_then(Iterator::collect).expect(sql);
    rows.sort_unstable();
    rows
}

/// A database of the server that `TEST_DATABASE_SERVER` names; dropped at the end.
pub struct FurtherDatabase {
    server: String,
    pub name: String,
}

impl FurtherDatabase {
    /// `None`: there is no server.
    pub fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = postgres::server()?;
        let name = format!("further{}x{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        // A test that was killed left one, and another process has its number now.
        database.drop();
        database.asks_the_server(&format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    pub fn address(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    pub fn changes(&self, sql: &str) {
        postgres::run(&self.address(), sql).expect(sql);
    }

    pub fn number(&self, sql: &str) -> i64 {
        postgres::rows(&self.address(), sql).first().and_then(|row| row.parse().ok()).expect(sql)
    }

    /// Somebody else keeps its tables to themselves until this is dropped.
    pub fn is_locked(&self) -> postgres::Session {
        postgres::Session::that_locks(&self.address())
    }

    /// Whether somebody's last statement in a transaction begins so.
    pub fn is_busy_with(&self, statement: &str) -> bool {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND state <> 'idle' AND query LIKE '{statement}%'",
            self.name
        );
        postgres::rows(&format!("{}/postgres", self.server), &sql) != ["0"]
    }

    /// `pg_dump` and `pg_restore` as the documentation has them.
    pub fn is_restored_from(&self, other: &Self, folder: &Folder) {
        let dump = folder.path("shop.dump").display().to_string();
        let made = ["--format=custom".to_owned(), format!("--file={dump}"), other.address()];
        let restored = ["--exit-on-error".to_owned(), "--no-owner".to_owned(), format!("--dbname={}", self.address()), dump];
        for (program, arguments) in [("pg_dump", &made[..]), ("pg_restore", &restored[..])] {
            let said = Command::new(program).args(arguments).output().expect(program);
            assert!(said.status.success(), "{program}: {}", String::from_utf8_lossy(&said.stderr));
        }
    }

    /// A copy that the server makes.
    pub fn is_made_like(&self, other: &Self) {
        self.drop();
        self.asks_the_server(&format!("CREATE DATABASE {} TEMPLATE {}", self.name, other.name));
    }

    pub fn asks_the_server(&self, sql: &str) {
        postgres::run(&format!("{}/postgres", self.server), sql).expect(sql);
    }

    fn drop(&self) {
        self.asks_the_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

impl Drop for FurtherDatabase {
    fn drop(&mut self) {
        FurtherDatabase::drop(self);
    }
}

/// Settings with another database.
pub fn with_database(settings: &Settings, address: &str) -> Settings {
    let mut settings = settings.clone();
    settings.insert("DATABASE_URL".to_owned(), address.to_owned());
    settings
}

/// `storefront check` of this database.
pub fn checked(shop: &TestShop, address: &str) -> Said {
    storefront(&shop.folder, &with_database(&shop.settings, address), &["check"], "")
}

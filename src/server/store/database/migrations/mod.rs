//! Brings a database up to date: what a new version adds, each step once. Both engines have the same tables.

use rusqlite::Connection;

use crate::server::store::engine::{StoreError, postgres::Session};

mod sqlite {
    refinery::embed_migrations!("src/server/store/database/migrations/sqlite");
}

mod server {
    refinery::embed_migrations!("src/server/store/database/migrations/postgres");
}

pub fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    sqlite::migrations::runner().run(connection)?;
    Ok(())
}

pub fn bring_server_up_to_date(session: &mut Session) -> Result<(), StoreError> {
    session.with_client(async |client| server::migrations::runner().run_async(client).await)?;
    Ok(())
}

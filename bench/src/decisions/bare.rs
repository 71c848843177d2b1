//! The baseline: a server that stores each request's body in a separate durable commit, and does nothing else.
//!
//! One thread owns the connection, so that no request waits for a lock.

use anyhow::{Context, Result};
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use rusqlite::Connection;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::mpsc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A body, and the channel that tells its request that it is stored.
type Waiting = (Bytes, oneshot::Sender<()>);

/// Serves until it is killed.
pub fn serve(database: &Path, port: u16) -> Result<()> {
    let connection = Connection::open(database).context("opening the database")?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
    )?;
    let (queue, waiting) = mpsc::channel();
    std::thread::spawn(move || write(&connection, &waiting));
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        axum::serve(listener, Router::new().route("/", post(store)).with_state(queue)).await?;
        Ok(())
    })
}

async fn store(State(queue): State<mpsc::Sender<Waiting>>, body: Bytes) -> StatusCode {
    let (stored, is_stored) = oneshot::channel();
    if queue.send((body, stored)).is_err() || is_stored.await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}

/// Ends at the first body that cannot be stored; from then on every request is answered with 500.
fn write(connection: &Connection, waiting: &mpsc::Receiver<Waiting>) -> rusqlite::Result<()> {
    let mut insert = connection.prepare("INSERT INTO bodies (body) VALUES (?1)")?;
    for (body, stored) in waiting {
        insert.execute([&body[..]])?;
        // The request may have been given up.
        let _ = stored.send(());
    }
    Ok(())
}

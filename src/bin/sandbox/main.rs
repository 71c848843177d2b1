//! The sandbox: a local copy of the payment platform, reached only over HTTP.
//!
//! A shop opens `/payment`; the customer decides on `/provider/…`; signed callbacks go out; `/control` shows and changes it all.
//! One payment, read top-down: `payment_page` → `confirm` → `provider` → `result`, each calling an act of `acts::sale`.
//!
//! Floors, from the top; each knows only those below it:
//! - [`routes`]: every address
//! - [`control`]: the panel, faults and clock, for this machine alone
//! - [`payment_page`], [`gate`], [`data_api`]: what the platform offers; they do not know each other
//! - [`web`]: what all addresses share
//! - [`acts`]: what moves payments
//! - [`callbacks`]: their bodies, queue, delivery and retry schedule
//! - [`mod@sandbox`]: the shared parts, and why an act was not done
//! - [`ledger`]: the data file
//! - [`payments`]: payments and operations, plain data
//! - [`faults`]: which faults can be played, plain data
//! - [`running`]: settings, limits, time, chance, log

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a request must not end a process")]

#[macro_use]
#[path = "../../named.rs"]
mod named;

mod acts;
mod callbacks;
mod control;
mod data_api;
mod faults;
mod gate;
mod ledger;
mod payment_page;
mod payments;
mod routes;
mod running;
mod sandbox;
mod web;

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use axum::Router;
use clap::Parser;
use tokio::{net::TcpListener, signal, sync::watch, task::JoinSet};

use crate::{
    acts::due,
    running::{limits::STOP_WITHIN, settings::Settings},
    sandbox::Sandbox,
};

/// A local copy of the payment platform. No money moves.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen, on both loopback addresses; 0 takes any free port
    #[arg(long, default_value_t = 3001)]
    port: u16,
    /// The file that holds payments, callbacks, faults and clock; made if missing
    #[arg(long, default_value = "data/sandbox.db")]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The same file as the shop's, in this folder alone. A missing one is no fault: every setting has a default.
    if let Err(error) = dotenvy::from_path(".env")
        && !error.not_found()
    {
        // The error itself quotes the line, and so perhaps a secret.
        return failed(&".env cannot be read");
    }
    let _log = running::log::begin();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Says why on stderr, as far as it can be written.
fn failed(reason: &dyn Display) -> ExitCode {
    let _ = writeln!(io::stderr(), "sandbox: {reason}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::open(Settings::from_environment()?, &arguments.data).await?;
    let (port, listeners) = listen(arguments.port).await.map_err(|error| format!("port {}: {error}", arguments.port))?;
    let (stop, stopping) = watch::channel(());

    let mut servers = JoinSet::new();
    for listener in listeners {
        servers.spawn(serve(listener, routes::routes(sandbox.clone()), stopping.clone()));
    }
    let sender = {
        let sandbox = sandbox.clone();
        tokio::spawn(running::worker::kept_up("the callback sender", move || due::run(sandbox.clone())))
    };
    let mut output = io::stdout();
    // Nobody may read the output any more; the shops need their platform still.
    let _ = writeln!(output, "listening on http://localhost:{port}").and_then(|()| output.flush());

    stop_signal().await?;
    drop((stop, stopping)); // what every listener waits for
    let ended = async { while servers.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP_WITHIN, ended).await;
    sender.abort();
    sandbox.ledger.close().await;
    Ok(())
}

/// Both loopback addresses on one port; IPv6 may be missing.
async fn listen(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = first.local_addr()?.port();
    let mut listeners = vec![first];
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(listener) => listeners.push(listener),
        Err(error) => tracing::warn!(%error, "listening on 127.0.0.1 only"),
    }
    Ok((port, listeners))
}

async fn serve(listener: TcpListener, routes: Router, mut stopping: watch::Receiver<()>) {
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = async move { while stopping.changed().await.is_ok() {} };
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stopped).await {
        tracing::error!(%error, "a listener ended");
    }
}

/// Ctrl-C, or what a supervisor sends.
async fn stop_signal() -> io::Result<()> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

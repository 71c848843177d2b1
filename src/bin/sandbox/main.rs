//! The sandbox: a local twin of the payment platform, reached only over HTTP.
//!
//! A shop opens `/payment`; the customer decides on `/provider/…`; signed callbacks go out; `/control` shows and bends it all.
//! One payment, read top-down: `payment_page` → `confirm` → `provider` → `result`, each calling an act of `sale`.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a request must not end a process")]

mod callbacks;
mod control;
mod data_api;
mod gate;
mod ledger;
mod look;
mod payment_page;
mod payments;
mod routes;
mod running;
mod sandbox;

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use axum::Router;
use clap::Parser;
use tokio::{net::TcpListener, signal, sync::watch, task::JoinSet};

use crate::{running::settings::Settings, sandbox::Sandbox};

/// The payment platform's local twin. No money moves.
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

/// How long open connections may take to end once the sandbox is asked to stop.
const STOP_WITHIN: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The same file as the shop's, in this folder alone. A missing one is no fault: every setting has a default.
    if let Err(error) = dotenvy::from_path(".env")
        && !error.not_found()
    {
        // Its own words would repeat the line, and so perhaps a secret.
        return failed(&".env cannot be read");
    }
    let _log = running::log::begin();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Says why, if anybody can hear it.
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
        tokio::spawn(running::worker::kept_up("the callback sender", move || callbacks::delivery::run(sandbox.clone())))
    };
    let mut output = io::stdout();
    // Whoever would read it may be gone, and the shops still need their platform.
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

//! The shop's figures as Prometheus text, at an address of their own (`METRICS_ADDR`), because they tell how much is sold.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{
    config::figures_addr::FiguresAddr,
    server::{http::standing, running::limits, state::AppState},
};

/// Begins to listen. Error: the address is taken.
pub fn listen(figures: FiguresAddr) -> Result<Option<TcpListener>, (SocketAddr, io::Error)> {
    let Some(addr) = figures.socket() else { return Ok(None) };
    match (bound(addr), figures) {
        (Ok(listener), _) => Ok(Some(listener)),
        (Err(error), FiguresAddr::Usual(_)) => {
            tracing::warn!(%addr, %error, "figures are told nowhere: set METRICS_ADDR");
            Ok(None)
        }
        (Err(error), _) => Err((addr, error)),
    }
}

fn bound(addr: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Tells until the shop stops.
pub async fn tell(listener: &TcpListener, counted: PrometheusHandle, state: AppState) -> io::Result<()> {
    let asked = state.clone();
    let figures = Router::new().route("/metrics", get(async move || counted.render() + &standing::told(&asked).await));
    let mut server = axum_server::from_tcp(listener.try_clone()?)?.first_request_timeout(limits::HEADERS_WITHIN);
    server.http_builder().http1().header_read_timeout(limits::HEADERS_WITHIN);
    tokio::select! {
        served = server.serve(figures.into_make_service()) => served,
        () = state.stopped() => Ok(()),
    }
}

//! What the shop counts, as Prometheus text, at an address of its own (`METRICS_ADDR`): it tells how much is sold.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use super::{limits, start::StartError};

/// Where it listens unless told otherwise.
pub const USUAL_ADDR: &str = "127.0.0.1:3002";

/// `METRICS_ADDR`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresAddr {
    /// Nowhere.
    Off,
    /// Where it usually is, if nobody else is there: several shops of one computer do not quarrel about it.
    Usual(SocketAddr),
    At(SocketAddr),
}

impl FiguresAddr {
    /// `None`: the figures are told nowhere.
    pub fn socket(self) -> Option<SocketAddr> {
        match self {
            Self::Off => None,
            Self::Usual(addr) | Self::At(addr) => Some(addr),
        }
    }

    /// Begins to listen. Error: somebody else listens where it was told to.
    pub fn listen(self) -> Result<Option<TcpListener>, StartError> {
        let Some(addr) = self.socket() else { return Ok(None) };
        match (bound(addr), self) {
            (Ok(listener), _) => Ok(Some(listener)),
            (Err(error), Self::Usual(_)) => {
                tracing::warn!(%addr, %error, "figures are told nowhere: set METRICS_ADDR");
                Ok(None)
            }
            (Err(error), _) => Err(StartError::Listen(addr, error)),
        }
    }
}

fn bound(addr: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Tells until the shop stops.
pub async fn tell(listener: &TcpListener, recorder: PrometheusHandle, mut stopping: watch::Receiver<bool>) -> io::Result<()> {
    let figures = Router::new().route("/metrics", get(async move || recorder.render()));
    let mut server = axum_server::from_tcp(listener.try_clone()?)?.first_request_timeout(limits::HEADERS_WITHIN);
    server.http_builder().http1().header_read_timeout(limits::HEADERS_WITHIN);
    tokio::select! {
        served = server.serve(figures.into_make_service()) => served,
        _ = stopping.wait_for(|stopping| *stopping) => Ok(()),
    }
}

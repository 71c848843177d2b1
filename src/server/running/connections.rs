//! How many connections are open: in all, so that files are left for the shop's own work, and of one address.

use std::{
    future::{Ready, ready},
    io,
    net::IpAddr,
    sync::Arc,
};

use axum_server::accept::Accept;
use metrics::counter;
use tokio::net::TcpStream;
use tower_http::add_extension::AddExtension;

use crate::server::running::{
    limits,
    places::{Full, Most, Place, Places},
    proxies::{Proxies, network},
};

/// Lets connections in while there is a place, and closes the others at once.
#[derive(Clone)]
pub struct Connections {
    taken: Arc<Places<IpAddr>>,
    proxies: Arc<Proxies>,
    in_all: usize,
}

/// Raises the number of files that this process may open. Returns how many connections it can hold.
pub fn make_room() -> usize {
    let files = match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => files,
        Err(error) => {
            tracing::warn!(%error, "it is not known how many files this process may open");
            limits::CONNECTIONS.try_into().unwrap_or(u64::MAX)
        }
    };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let room = (files / 100)
        .saturating_mul(limits::CONNECTIONS_OF_100_FILES)
        .saturating_add(files % 100 * limits::CONNECTIONS_OF_100_FILES / 100);
    room.clamp(1, limits::CONNECTIONS)
}

impl Connections {
    pub fn new(proxies: Arc<Proxies>, in_all: usize) -> Self {
        Self { taken: Arc::default(), proxies, in_all }
    }

    /// Not counted by address: trusted proxies, whose address many customers share, and this computer.
    fn place(&self, peer: IpAddr) -> Result<Place<IpAddr>, Full> {
        let is_crowd = peer.is_loopback() || self.proxies.trusts(peer);
        let of_one = if is_crowd { self.in_all } else { limits::CONNECTIONS_OF_ONE_ADDRESS };
        self.taken.take(network(peer), Most { of_one, in_all: self.in_all })
    }
}

impl<S> Accept<TcpStream, S> for Connections {
    type Stream = TcpStream;
    /// Holds the place for as long as the connection is open.
    type Service = AddExtension<S, Arc<Place<IpAddr>>>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(stream.peer_addr().and_then(|peer| match self.place(peer.ip().to_canonical()) {
            Ok(place) => Ok((stream, AddExtension::new(service, Arc::new(place)))),
            Err(full) => {
                let why = if full == Full::OfOne { "one address" } else { "in all" };
                counter!("connections_refused_total", "why" => why).increment(1);
                Err(io::ErrorKind::ConnectionRefused.into())
            }
        }))
    }
}

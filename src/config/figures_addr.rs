//! `METRICS_ADDR`: where the shop tells its figures.

use std::net::SocketAddr;

/// Where it listens unless told otherwise.
pub const USUAL_ADDR: &str = "127.0.0.1:3002";

/// `METRICS_ADDR`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresAddr {
    /// Nowhere.
    Off,
    /// The usual address, if it is free: several shops on one computer may start.
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
}

//! Where the database is, and how it is reached: `postgres://user:password@host:port/name`.

use std::{str::FromStr, time::Duration};

use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::server::store::engine::error::StoreError;

/// A connection that cannot be made within this fails, unless the address has a `connect_timeout` of its own.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
/// Data that is not acknowledged for so long ends a connection: the other computer is gone.
const UNHEARD_FOR: Duration = Duration::from_secs(10);

/// How the database is reached.
#[derive(Clone)]
pub struct Address {
    pub config: Config,
    pub tls: MakeRustlsConnect,
}

impl Address {
    /// Over a network the connection is encrypted and the certificate checked, unless the address says otherwise by `sslmode`.
    pub fn parse(address: &str) -> Result<Self, StoreError> {
        let unreadable = || StoreError::UnknownDatabase("postgres://user:password@host:port/name is meant");
        // The driver's error may quote the password.
        let mut config = Config::from_str(address).map_err(|_| unreadable())?;
        if config.get_hosts().is_empty() || config.get_dbname().is_none() {
            return Err(unreadable());
        }
        if !address.contains("sslmode=") {
            config.ssl_mode(if config.get_hosts().iter().all(is_here) { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTS_WITHIN);
        }
        config.tcp_user_timeout(UNHEARD_FOR).keepalives_idle(UNHEARD_FOR);
        if config.get_application_name().is_none() {
            config.application_name("storefront");
        }
        let tls = rustls::ClientConfig::with_platform_verifier()
            .map_err(|_| StoreError::UnknownDatabase("this computer has no certificates to check the database's with"))?;
        Ok(Self { config, tls: MakeRustlsConnect::new(tls) })
    }
}

/// Whether nothing leaves this computer on the way there.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback()),
    }
}

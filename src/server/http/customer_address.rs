//! Where a request comes from.

use std::{convert::Infallible, net::IpAddr};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::server::{running::proxies::network, state::AppState};

/// The network address of the browser.
pub struct CustomerAddress(pub IpAddr);

impl FromRequestParts<AppState> for CustomerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.proxies.address_of(&parts.extensions, &parts.headers)))
    }
}

/// The same, for limits and the log. Of an IPv6 address the network: its owner has every address in it.
pub struct Network(pub String);

impl FromRequestParts<AppState> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let CustomerAddress(address) = CustomerAddress::from_request_parts(parts, state).await?;
        let length = if address.is_ipv6() { "/64" } else { "" };
        Ok(Self(format!("{}{length}", network(address))))
    }
}

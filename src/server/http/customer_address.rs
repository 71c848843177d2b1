//! The network address of the customer's browser, for whatever asks for it.

use std::{convert::Infallible, net::IpAddr};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::server::state::AppState;

pub struct CustomerAddress(pub IpAddr);

impl FromRequestParts<AppState> for CustomerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.proxies.address_of(&parts.extensions, &parts.headers)))
    }
}

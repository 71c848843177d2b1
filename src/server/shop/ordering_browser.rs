//! Knows the browser in which an order was placed, by a cookie for its newest orders.
//!
//! Everybody with an order's link may see and pay it. The customer's e-mail, last name and phone are used and changed only in the
//! browser that ordered.

use axum_extra::extract::cookie::Cookie;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    protocol::signed::signature::Key,
    server::{
        http::{
            cookies::{self, ORDERED},
            visitor::Visitor,
        },
        state::AppState,
    },
};

/// Orders a browser is remembered for; older ones are forgotten.
const MOST_ORDERS: usize = 12;

/// What the key is derived for. A string to sign always has a `:`, so it never equals this.
const PURPOSE: &str = "the browser that ordered";

/// Bytes of a proof: 128 bits cannot be guessed.
const PROOF_BYTES: usize = 16;

/// Whether this visitor placed the order that opens by this token.
pub fn is(state: &AppState, visitor: &Visitor, token: &str) -> bool {
    let proofs = visitor.ordered.split('.').take(MOST_ORDERS).filter_map(|proof| URL_SAFE_NO_PAD.decode(proof).ok());
    let proofs: Vec<Vec<u8>> = proofs.filter(|proof| proof.len() == PROOF_BYTES).collect();
    let proves = |key: &Key| {
        let mac = mac(key, token);
        proofs.iter().any(|proof| mac.clone().is_some_and(|mac| mac.verify_truncated_left(proof).is_ok()))
    };
    // Also by the key before a change of keys.
    state.config.keys.iter().any(proves)
}

/// The cookie that makes it so; what the browser ordered before stays.
pub fn remembered(state: &AppState, visitor: &Visitor, token: &str) -> Option<Cookie<'static>> {
    let mac = mac(state.config.keys.first()?, token)?.finalize().into_bytes();
    let proof = URL_SAFE_NO_PAD.encode(mac.get(..PROOF_BYTES)?);
    let earlier = visitor.ordered.split('.').filter(|earlier| !earlier.is_empty() && *earlier != proof);
    let all: Vec<&str> = std::iter::once(proof.as_str()).chain(earlier).take(MOST_ORDERS).collect();
    Some(cookies::of_visitor(state, ORDERED, all.join(".")))
}

/// `None` cannot be: a key of this kind may have any length.
fn mac(key: &Key, token: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.derived(PURPOSE)).ok()?;
    mac.update(token.as_bytes());
    Some(mac)
}

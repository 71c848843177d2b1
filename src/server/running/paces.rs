//! What is counted by network address, and how often each may ask for it.

use std::net::IpAddr;

use metrics::counter;

use crate::server::running::{clock::SharedClock, limits, proxies::network, rates::Rates};

/// What costs something, and is counted by address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Cart,
    Checkout,
    Payment,
    SignIn,
    RefusedCallback,
}

/// How often each address asked for what lately.
pub struct Paces {
    carts: Rates<IpAddr>,
    checkouts: Rates<IpAddr>,
    payments: Rates<IpAddr>,
    sign_ins: Rates<IpAddr>,
    refused_callbacks: Rates<IpAddr>,
}

impl Paces {
    pub fn new(clock: &SharedClock) -> Self {
        let rates = |pace| Rates::new(pace, clock.clone());
        Self {
            carts: rates(limits::CARTS),
            checkouts: rates(limits::CHECKOUTS),
            payments: rates(limits::PAYMENTS),
            sign_ins: rates(limits::SIGN_INS),
            refused_callbacks: rates(limits::REFUSED_CALLBACKS),
        }
    }

    /// Error: the seconds to wait. Loopback addresses are not limited: behind a proxy that is not trusted all customers have one,
    /// and would wait for each other.
    pub fn ask(&self, wish: Wish, address: IpAddr) -> Result<(), u64> {
        if address.is_loopback() {
            return Ok(());
        }
        let (rates, name) = match wish {
            Wish::Cart => (&self.carts, "cart"),
            Wish::Checkout => (&self.checkouts, "checkout"),
            Wish::Payment => (&self.payments, "payment"),
            Wish::SignIn => (&self.sign_ins, "sign-in"),
            Wish::RefusedCallback => (&self.refused_callbacks, "callback"),
        };
        rates.ask(&network(address)).inspect_err(|_| counter!("too_often_total", "what" => name).increment(1))
    }
}

//! The network address a request comes from. Behind a proxy a header tells it; anyone can write that header, so it is believed
//! only from the proxies that the merchant named.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;
use metrics::counter;

/// What `X-Forwarded-For` was counted as, for `storefront doctor`: the names of a label.
pub const FORWARDED_TOTAL: &str = "forwarded_for_total";
pub const NOT_TRUSTED: &str = "not trusted";
pub const UNREADABLE: &str = "unreadable";

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies that are trusted, and whether the log was told already what is wrong with others.
pub struct Proxies {
    trusted: Vec<IpNet>,
    told_not_trusted: AtomicBool,
    told_unreadable: AtomicBool,
}

impl Proxies {
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self { trusted, told_not_trusted: AtomicBool::new(false), told_unreadable: AtomicBool::new(false) }
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Where the customer of a request is.
    pub fn address_of(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
        self.behind(peer.to_canonical(), headers)
    }

    /// Goes back from proxy to proxy as long as each is trusted.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let texts = headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or_default());
        let mut told: Vec<&str> = texts.flat_map(|text| text.split(',')).map(str::trim).collect();
        if !told.is_empty() && !self.trusts(peer) {
            self.tell_not_trusted(peer);
        }
        let mut address = peer;
        while self.trusts(address) {
            let Some(before) = told.pop() else { break };
            match read(before) {
                Some(before) => address = before,
                None => {
                    self.tell_unreadable(address);
                    break;
                }
            }
        }
        address
    }

    fn tell_not_trusted(&self, peer: IpAddr) {
        counter!(FORWARDED_TOTAL, "outcome" => NOT_TRUSTED).increment(1);
        if !self.told_not_trusted.swap(true, Ordering::Relaxed) {
            // A customer may have sent it, too.
            let peer = is_private(peer).then(|| peer.to_string());
            tracing::warn!(peer, "X-Forwarded-For comes from a peer that is not trusted; if it is your proxy, set TRUSTED_PROXIES");
        }
    }

    /// What it says is not in the log: anybody may have written it.
    fn tell_unreadable(&self, proxy: IpAddr) {
        counter!(FORWARDED_TOTAL, "outcome" => UNREADABLE).increment(1);
        if !self.told_unreadable.swap(true, Ordering::Relaxed) {
            tracing::warn!(%proxy, "the X-Forwarded-For of a trusted proxy cannot be read; its customers seem to be where it is");
        }
    }
}

/// Of this computer or a network that is nobody's alone: not a customer's.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// An address as proxies write it: bare, with a port, in brackets, or between quotation marks.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(address.to_canonical())
}

/// What counts as one address. In IPv6 one customer has all addresses with the same first 64 bits.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::new(vec!["10.0.0.0/30".parse().unwrap(), "2001:db8:1::/48".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        proxies.behind(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, [2001:db8:1::7]:80"]), "1.1.1.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.4", &["198.51.100.1"]), "10.0.0.4");
    }

    #[test]
    fn ports_and_brackets_are_dropped_and_what_is_no_address_is_not_guessed() {
        for (text, address) in [
            ("203.0.113.7:51008", Some("203.0.113.7")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("\"[2001:db8::1]:443\"", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("::ffff:203.0.113.9", Some("203.0.113.9")),
            ("unknown", None),
            ("_hidden", None),
            ("", None),
            ("203.0.113.7:", None),
            ("203.0.113.7:99999", None),
            ("203.0.113", None),
            ("[203.0.113.7", None),
        ] {
            assert_eq!(read(text).map(|address| address.to_string()).as_deref(), address, "{text}");
        }
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        for (address, counts_as) in [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")] {
            assert_eq!(network(address.parse().unwrap()).to_string(), counts_as);
        }
    }
}

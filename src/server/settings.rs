//! Settings by name, read one by one: what is wrong with any of them is gathered, not thrown.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use jiff::tz::TimeZone;
use secrecy::SecretString;
use url::{Host, Url};

use crate::platform::{Opening, PaymentPath};

const LONGEST_S: i64 = 24 * 60 * 60;

pub struct Reader {
    pub settings: BTreeMap<String, String>,
    pub problems: Vec<String>,
}

impl Reader {
    /// A setting that is there and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.settings.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// `1`
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value == "1")
    }

    pub fn parsed<T, E: fmt::Display>(&mut self, name: &str, default: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text(name).unwrap_or_else(|| default.to_owned());
        parse(&text).map_err(|error| self.problems.push(format!("{name}: {error}"))).ok()
    }

    /// `Some(None)`: not set.
    pub fn seconds(&mut self, name: &str) -> Option<Option<i64>> {
        let Some(text) = self.text(name) else { return Some(None) };
        let seconds = text.parse().ok().filter(|seconds| (1..=LONGEST_S).contains(seconds));
        if seconds.is_none() {
            self.problems.push(format!("{name}: not a number of seconds from 1 to {LONGEST_S}"));
        }
        seconds.map(Some)
    }

    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        let file = format!("{name}_FILE");
        if let Some(value) = self.settings.remove(name).filter(|value| !value.is_empty()) {
            if self.text(&file).is_some() {
                self.problems.push(format!("{name} and {file}: only one of them, please"));
            }
            return Some(value.into());
        }
        let path = self.text(&file)?;
        match std::fs::read_to_string(&path) {
            Ok(value) => Some(value.trim_end_matches(['\r', '\n']).to_owned().into()),
            Err(error) => {
                self.problems.push(format!("{file}: {path} cannot be read: {error}"));
                None
            }
        }
    }
}

/// Separated by commas.
pub fn addresses(text: &str) -> Result<Vec<IpAddr>, String> {
    let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
    texts.map(|text| text.parse().map_err(|_| format!("{text:?} is no IP address"))).collect()
}

pub fn payment_path(text: &str) -> Result<PaymentPath, &'static str> {
    PaymentPath::from_code(text).ok_or("not payment_page or gate")
}

pub fn opening(text: &str) -> Result<Opening, &'static str> {
    Opening::from_code(text).ok_or("not redirect, iframe or popup")
}

/// A name of the time zone database.
pub fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| format!("{text:?} is no time zone such as Asia/Seoul"))
}

/// Letters, digits, and lines between them.
pub fn payment_id_prefix(text: &str) -> Result<String, &'static str> {
    let fits = text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(text.to_owned()) } else { Err("not up to 20 letters, digits, - or _") }
}

/// The kinds of database the store knows.
pub fn database(text: &str) -> Result<String, &'static str> {
    if text.strip_prefix("sqlite://").is_some_and(|path| !path.is_empty()) { Ok(text.to_owned()) } else { Err("not sqlite://PATH") }
}

pub fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let bare = matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if bare { Ok(url) } else { Err("not an origin such as https://shop.example".to_owned()) }
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

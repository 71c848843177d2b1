//! Reads settings by name, and gathers what is wrong with any of them.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use url::{Host, Url};

use crate::{
    config::figures_addr::{FiguresAddr, USUAL_ADDR},
    platform::{Opening, PaymentPath},
};

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

/// Addresses and networks, separated by commas.
pub fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
    let network = |text: &str| text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| address.to_canonical().into()));
    texts.map(|text| network(text).ok_or_else(|| format!("{text:?} is no IP address and no network such as 10.0.0.0/8"))).collect()
}

/// `off`, or where figures are told.
pub fn figures(text: &str) -> Result<FiguresAddr, String> {
    match text {
        "" => figures_usually(),
        "off" => Ok(FiguresAddr::Off),
        text => {
            text.parse().map(FiguresAddr::At).map_err(|_| format!("{text:?} is neither off nor an address such as {USUAL_ADDR}"))
        }
    }
}

fn figures_usually() -> Result<FiguresAddr, String> {
    USUAL_ADDR.parse().map(FiguresAddr::Usual).map_err(|_| USUAL_ADDR.to_owned())
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
    // What begins otherwise is a formula to a spreadsheet, or an option to a command.
    let begins_well = text.is_empty() || text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let fits = text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if begins_well && fits { Ok(text.to_owned()) } else { Err("not up to 20 letters, digits, - or _, a letter or digit first") }
}

/// The kinds of database the store knows.
pub fn database(text: &str) -> Result<String, &'static str> {
    let is_file = text.strip_prefix("sqlite://").is_some_and(|path| !path.is_empty());
    let is_server = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    if is_file || is_server { Ok(text.to_owned()) } else { Err("neither sqlite://PATH nor postgres://USER:PASSWORD@HOST/NAME") }
}

/// Where traces go, if anywhere. There is nothing secret in them.
pub fn collector(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let is_address = ["http", "https"].contains(&url.scheme()) && !says_more_than_where(&url);
    is_address.then_some(Some(url)).ok_or_else(|| "not an address such as http://localhost:4318".to_owned())
}

/// The shop's own: what customers and the platform send there is secret on the way.
pub fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if url.path() != "/" || says_more_than_where(&url) {
        return Err("not an origin such as https://shop.example".to_owned());
    }
    private(url)
}

/// An address of the platform: `https://host[:port][/path]`.
pub fn platform(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if says_more_than_where(&url) {
        return Err("not an address such as https://api.example: no name or password, no ? and no # in it".to_owned());
    }
    private(url)
}

fn says_more_than_where(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some()
}

/// HTTPS, or a way that does not leave this computer.
fn private(url: Url) -> Result<Url, String> {
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("http:// reaches only this computer (localhost); anything else is reached by https://".to_owned()),
        _ => Err("not an address such as https://shop.example".to_owned()),
    }
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

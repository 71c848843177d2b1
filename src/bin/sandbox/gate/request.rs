//! A request whose signature was checked. It is read strictly: a value of the wrong kind is refused by name.

use std::{net::IpAddr, slice};

use crate::{
    acts::refused::{RefusalCode, Refused},
    running::{
        limits::LONGEST_TEXT,
        settings::{Settings, http_address},
    },
};
use axum::http::{HeaderMap, header::HOST};
use iso_currency::Currency;
use storefront::{
    domain::text::seen,
    protocol::signed::{document::SignedDocument, json::Json},
};
use url::Url;

/// The project and the signature are right; the rest is still to be read.
#[derive(Debug)]
pub struct GateRequest {
    document: SignedDocument,
    pub payment_id: String,
    /// Scheme and host the shop called: where it may send its customers, too.
    pub origin: String,
}

impl GateRequest {
    /// Reads `general`. The project is checked before the signature, which is made with a project's key.
    pub fn read(headers: &HeaderMap, body: &[u8], settings: &Settings) -> Result<Self, Refused> {
        let unverified = Json::parse_object(body)?;
        let signature = unverified.at(&["general", "signature"]).and_then(Json::as_text).filter(|text| !text.is_empty());
        signature.ok_or(RefusalCode::SignatureMissing)?;
        match unverified.at(&["general", "project_id"]) {
            None | Some(Json::Null) => return Err(Refused::missing("general.project_id")),
            Some(Json::Integer(id)) if u64::try_from(*id) == Ok(settings.project_id) => {}
            Some(Json::Integer(_)) => return Err(RefusalCode::UnknownProject.into()),
            Some(_) => return Err(Refused::wrong_kind("general.project_id", "a number")),
        }
        let document = SignedDocument::verify(body, slice::from_ref(&settings.key))?;
        let payment_id = match document.json().at(&["general", "payment_id"]) {
            None | Some(Json::Null) => return Err(Refused::missing("general.payment_id")),
            Some(Json::Text(id)) if (1..=LONGEST_TEXT).contains(&id.chars().count()) => id.clone(),
            Some(_) => return Err(RefusalCode::PaymentIdUnfit.into()),
        };
        Ok(Self { document, payment_id, origin: origin(headers) })
    }

    /// The text at `section.name`; one without a visible character counts as none.
    pub fn text(&self, path: &'static str) -> Result<Option<&str>, Refused> {
        match self.value(path) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Text(text)) if text.chars().count() > LONGEST_TEXT && !path.contains("url") => {
                Err(Refused::malformed(path, "at most 255 characters"))
            }
            Some(Json::Text(text)) => Ok(Some(text.as_str()).filter(|text| !seen(text).is_empty())),
            Some(_) => Err(Refused::wrong_kind(path, "a text")),
        }
    }

    pub fn required_text(&self, path: &'static str) -> Result<&str, Refused> {
        self.text(path)?.ok_or(Refused::missing(path))
    }

    /// An http(s) address.
    pub fn address(&self, path: &'static str) -> Result<Option<&str>, Refused> {
        match self.text(path)? {
            Some(text) if http_address(text).is_none() => Err(Refused::malformed(path, "an http or https address")),
            address => Ok(address),
        }
    }

    /// `payment.amount`, minor units from 1.
    pub fn amount(&self) -> Result<Option<u64>, Refused> {
        let wrong = Refused::wrong_kind("payment.amount", "a whole number of minor units, from 1");
        match self.value("payment.amount") {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Integer(amount)) => u64::try_from(*amount).ok().filter(|amount| *amount > 0).map(Some).ok_or(wrong),
            Some(_) => Err(wrong),
        }
    }

    /// `payment.currency`.
    pub fn currency(&self) -> Result<Option<Currency>, Refused> {
        let code = self.text("payment.currency")?;
        Ok(code.map(|code| Currency::from_code(code).ok_or(RefusalCode::CurrencyUnknown)).transpose()?)
    }

    /// `payment.amount` in this currency, which `payment.currency` has to name.
    pub fn required_amount(&self, currency: Currency) -> Result<u64, Refused> {
        let amount = self.amount()?.ok_or(RefusalCode::AmountMissing)?;
        let given = self.currency()?.ok_or(RefusalCode::CurrencyMissing)?;
        if given == currency { Ok(amount) } else { Err(RefusalCode::CurrencyNotTaken.into()) }
    }

    /// `customer.id`.
    pub fn customer_id(&self) -> Result<&str, Refused> {
        match self.value("customer.id") {
            None | Some(Json::Null) => Err(RefusalCode::CustomerIdMissing.into()),
            Some(Json::Text(id)) if (1..=LONGEST_TEXT).contains(&id.chars().count()) => Ok(id),
            Some(_) => Err(RefusalCode::CustomerIdUnfit.into()),
        }
    }

    /// `customer.ip_address`.
    pub fn check_ip_address(&self) -> Result<(), Refused> {
        const PATH: &str = "customer.ip_address";
        let is_address = self.required_text(PATH)?.parse::<IpAddr>().is_ok();
        if is_address { Ok(()) } else { Err(Refused::malformed(PATH, "an IP address")) }
    }

    /// Where this request wants its callbacks.
    pub fn callback_url(&self) -> Result<Option<&str>, Refused> {
        self.address("general.merchant_callback_url")
    }

    fn value(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(self.document.json(), |value, name| value.get(name))
    }
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    Url::parse(&format!("http://{host}")).map_or_else(|_| "http://localhost".to_owned(), |url| url.origin().ascii_serialization())
}

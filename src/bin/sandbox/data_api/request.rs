//! What a request to the Data API asks for, once its token and signature are right.

use std::{slice, time::Duration};

use crate::{
    acts::refused::Refused,
    running::{clock::Moment, limits::LARGEST_PAGE, settings::Settings},
};
use jiff::{civil::DateTime, tz::TimeZone};
use secrecy::ExposeSecret;
use storefront::protocol::signed::{document::SignedDocument, json::Json};

/// A page of the register.
#[derive(Debug)]
pub struct Request {
    pub from: Moment,
    /// This moment itself is not part of it.
    pub before: Moment,
    pub limit: usize,
    pub offset: usize,
    /// Whether the sandbox's project is among those asked for.
    pub project: bool,
}

/// All operations of one payment.
#[derive(Debug)]
pub struct PaymentRequest {
    pub payment_id: String,
    /// Whether the sandbox's project is among those asked for.
    pub project: bool,
}

impl PaymentRequest {
    pub fn read(body: &[u8], settings: &Settings) -> Result<Self, Refused> {
        let document = verified(body, settings)?;
        let asked = document.json();
        let payment_id = match asked.get("payment_id") {
            None | Some(Json::Null) => return Err(Refused::Missing("payment_id")),
            Some(value) => value.as_text().ok_or(Refused::Malformed("payment_id", "a text"))?.to_owned(),
        };
        Ok(Self { payment_id, project: asks_for(asked, settings.project_id)? })
    }
}

impl Request {
    pub fn read(body: &[u8], settings: &Settings) -> Result<Self, Refused> {
        let document = verified(body, settings)?;
        let asked = document.json();
        Ok(Self {
            from: moment(asked, "interval.from", Bound::First)?,
            before: moment(asked, "interval.to", Bound::Last)?,
            limit: count(asked, "limit", LARGEST_PAGE)?,
            offset: count(asked, "offset", 0)?,
            project: asks_for(asked, settings.project_id)?,
        })
    }
}

/// The document, once token and signature are right.
fn verified(body: &[u8], settings: &Settings) -> Result<SignedDocument, Refused> {
    let unverified = Json::parse_object(body)?;
    if unverified.get("token").and_then(Json::as_text) != Some(settings.data_api_token.expose_secret()) {
        return Err(Refused::UnknownToken);
    }
    // A signature elsewhere in the document does not count.
    if unverified.get("signature").is_none() {
        return Err(Refused::SignatureMissing);
    }
    Ok(SignedDocument::verify(body, slice::from_ref(&settings.data_api_key))?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    First,
    Last,
}

/// Written `YYYY-MM-DD hh:mm:ss`, or a whole day `YYYY-MM-DD`.
fn moment(asked: &Json, path: &'static str, bound: Bound) -> Result<Moment, Refused> {
    let wrong = Refused::Malformed(path, "written YYYY-MM-DD hh:mm:ss");
    let text = match path.split('.').try_fold(asked, |value, name| value.get(name)) {
        None | Some(Json::Null) => return Err(Refused::Missing(path)),
        Some(value) => value.as_text().ok_or(Refused::Malformed(path, "a text"))?,
    };
    let (whole, is_day) =
        if text.len() == "YYYY-MM-DD".len() { (format!("{text} 00:00:00"), true) } else { (text.to_owned(), false) };
    let Ok(first) = DateTime::strptime("%Y-%m-%d %H:%M:%S", &whole).and_then(|moment| moment.to_zoned(TimeZone::UTC)) else {
        return Err(wrong);
    };
    let seconds = match (bound, is_day) {
        (Bound::First, _) => 0,
        (Bound::Last, false) => 1,
        (Bound::Last, true) => 24 * 60 * 60,
    };
    Ok(Moment::of(first.timestamp()).plus(Duration::from_secs(seconds)))
}

fn count(asked: &Json, name: &'static str, default: usize) -> Result<usize, Refused> {
    let number = match asked.get(name) {
        None | Some(Json::Null) => return Ok(default),
        Some(Json::Integer(number)) => usize::try_from(*number).ok(),
        Some(_) => None,
    };
    match (name, number) {
        ("limit", Some(limit)) if (1..=LARGEST_PAGE).contains(&limit) => Ok(limit),
        ("limit", _) => Err(Refused::Malformed(name, "a number from 1 to 1000")),
        (_, Some(number)) => Ok(number),
        (_, None) => Err(Refused::Malformed(name, "a number from 0")),
    }
}

/// All projects, unless some are named.
fn asks_for(asked: &Json, project_id: u64) -> Result<bool, Refused> {
    match asked.get("project_id") {
        None | Some(Json::Null) => Ok(true),
        Some(Json::List(projects)) => {
            Ok(projects.is_empty() || projects.iter().any(|project| *project == Json::Integer(project_id.cast_signed())))
        }
        Some(_) => Err(Refused::Malformed("project_id", "a list of numbers")),
    }
}

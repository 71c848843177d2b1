//! What a request to the Data API asks for, once its token and signature are right.

use std::{slice, time::Duration};

use crate::{
    acts::refused::{RefusalCode, Refused},
    running::{clock::Moment, limits::LARGEST_PAGE, settings::Settings},
};
use jiff::{civil::DateTime, tz::TimeZone};
use secrecy::ExposeSecret;
use storefront::protocol::signed::{document::SignedDocument, json::Json};

/// A page of the register.
#[derive(Debug)]
pub struct RegisterRequest {
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
            None | Some(Json::Null) => return Err(Refused::missing("payment_id")),
            Some(value) => value.as_text().ok_or(Refused::malformed("payment_id", "a text"))?.to_owned(),
        };
        Ok(Self { payment_id, project: asks_for(asked, settings.project_id)? })
    }
}

impl RegisterRequest {
    pub fn read(body: &[u8], settings: &Settings) -> Result<Self, Refused> {
        let document = verified(body, settings)?;
        let asked = document.json();
        let ((from, _), (last, length)) = (moment(asked, "interval.from")?, moment(asked, "interval.to")?);
        Ok(Self {
            from,
            before: last.plus(length),
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
        return Err(RefusalCode::UnknownToken.into());
    }
    // A signature elsewhere in the document does not count.
    if unverified.get("signature").is_none() {
        return Err(RefusalCode::SignatureMissing.into());
    }
    Ok(SignedDocument::verify(body, slice::from_ref(&settings.data_api_key))?)
}

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Where a second or a day begins, and how long it is: written `YYYY-MM-DD hh:mm:ss` or `YYYY-MM-DD`.
fn moment(asked: &Json, path: &'static str) -> Result<(Moment, Duration), Refused> {
    let text = match path.split('.').try_fold(asked, |value, name| value.get(name)) {
        None | Some(Json::Null) => return Err(Refused::missing(path)),
        Some(value) => value.as_text().ok_or(Refused::malformed(path, "a text"))?,
    };
    let is_day = text.len() == "YYYY-MM-DD".len();
    let whole = if is_day { format!("{text} 00:00:00") } else { text.to_owned() };
    let first = DateTime::strptime("%Y-%m-%d %H:%M:%S", &whole).and_then(|moment| moment.to_zoned(TimeZone::UTC));
    let first = first.map_err(|_| Refused::malformed(path, "written YYYY-MM-DD hh:mm:ss"))?;
    Ok((Moment::of(first.timestamp()), if is_day { DAY } else { SECOND }))
}

fn count(asked: &Json, name: &'static str, default: usize) -> Result<usize, Refused> {
    let number = match asked.get(name) {
        None | Some(Json::Null) => return Ok(default),
        Some(Json::Integer(number)) => usize::try_from(*number).ok(),
        Some(_) => None,
    };
    match (name, number) {
        ("limit", Some(limit)) if (1..=LARGEST_PAGE).contains(&limit) => Ok(limit),
        ("limit", _) => Err(Refused::malformed(name, "a number from 1 to 1000")),
        (_, Some(number)) => Ok(number),
        (_, None) => Err(Refused::malformed(name, "a number from 0")),
    }
}

/// All projects, unless some are named.
fn asks_for(asked: &Json, project_id: u64) -> Result<bool, Refused> {
    match asked.get("project_id") {
        None | Some(Json::Null) => Ok(true),
        Some(Json::List(projects)) => {
            Ok(projects.is_empty() || projects.iter().any(|project| *project == Json::Integer(project_id.cast_signed())))
        }
        Some(_) => Err(Refused::malformed("project_id", "a list of numbers")),
    }
}

//! Callbacks: what the platform tells the shop, believed only after its signature was checked.

use super::{
    json::{Json, JsonError},
    signature::{self, Ambiguity, Key, Unsignable},
};

/// Larger bodies are refused. Real ones stay below 20 kB.
pub const MAX_BYTES: usize = 256 * 1024;

/// A callback whose signature was checked. There is no other way to make one than [`VerifiedCallback::verify`],
/// and everything read from it comes from the very document that was checked.
#[derive(Debug)]
pub struct VerifiedCallback {
    document: Json,
    payment_id: String,
    status: String,
    ambiguity: Option<Ambiguity>,
}

/// Why a body is no callback. The names are part of the outside contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("too_large")]
    TooLarge,
    #[error(transparent)]
    Unreadable(#[from] JsonError),
    #[error(transparent)]
    Unsignable(#[from] Unsignable),
    #[error("signature_missing")]
    SignatureMissing,
    #[error("signature_wrong")]
    SignatureWrong,
    /// Signed, but no callback: something else this project's key once signed.
    #[error("not_a_callback")]
    NotACallback,
}

/// An amount on the wire: minor units and a currency code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub amount: u64,
    pub currency: String,
}

impl VerifiedCallback {
    /// Checks a body against the project's keys: the present one, and the previous one during a rotation.
    pub fn verify(body: &[u8], keys: &[Key]) -> Result<Self, Refused> {
        if body.len() > MAX_BYTES {
            return Err(Refused::TooLarge);
        }
        let mut document = Json::parse_object(body)?;
        let signature = signature_of(&document).ok_or(Refused::SignatureMissing)?;
        remove_signatures(&mut document);
        let mut known = false;
        for key in keys {
            known |= key.signed(&document, &signature)?;
        }
        if !known {
            return Err(Refused::SignatureWrong);
        }
        let ambiguity = signature::ambiguity(&document);
        let payment_id = match document.at(&["payment", "id"]) {
            Some(Json::Text(id)) if !id.is_empty() => id.clone(),
            Some(Json::Integer(id)) => id.to_string(),
            _ => return Err(Refused::NotACallback),
        };
        let status = match document.at(&["payment", "status"]).and_then(Json::as_text) {
            Some(status) if !status.is_empty() => status.to_owned(),
            _ => return Err(Refused::NotACallback),
        };
        Ok(Self { document, payment_id, status, ambiguity })
    }

    /// Why this callback must be confirmed before anything moves.
    pub fn ambiguity(&self) -> Option<Ambiguity> {
        self.ambiguity
    }

    /// `payment.id`, never empty; a number reads as its digits.
    pub fn payment_id(&self) -> &str {
        &self.payment_id
    }

    /// `payment.status`, never empty.
    pub fn payment_status(&self) -> &str {
        &self.status
    }

    /// `project_id`, at top level or in `general`.
    pub fn project_id(&self) -> Option<u64> {
        let id = self.document.get("project_id").or_else(|| self.document.at(&["general", "project_id"]))?;
        match id {
            Json::Integer(id) => u64::try_from(*id).ok(),
            Json::Text(id) => id.parse().ok(),
            _ => None,
        }
    }

    /// `payment.sum`. After a refund it is not dependable: look at [`Self::operation_sum`].
    pub fn payment_sum(&self) -> Option<Sum> {
        self.sum(&["payment", "sum"])
    }

    /// `operation.sum_initial`: what this operation was about.
    pub fn operation_sum(&self) -> Option<Sum> {
        self.sum(&["operation", "sum_initial"])
    }

    /// `operation.type`, such as `sale` or `refund`.
    pub fn operation_type(&self) -> Option<&str> {
        self.text(&["operation", "type"])
    }

    /// `operation.status`; a declined refund comes with a payment that is still `success`.
    pub fn operation_status(&self) -> Option<&str> {
        self.text(&["operation", "status"])
    }

    /// `operation.code`: text such as `0` or `20101`.
    pub fn operation_code(&self) -> Option<&str> {
        self.text(&["operation", "code"])
    }

    /// `payment.is_new_attempts_available` with `payment.attempts_timeout`: for so many seconds the customer may try
    /// the same payment again on the Payment Page.
    pub fn new_attempts_within_s(&self) -> Option<u32> {
        let available = matches!(self.document.at(&["payment", "is_new_attempts_available"])?, Json::Bool(true) | Json::Integer(1));
        let Json::Integer(seconds) = self.document.at(&["payment", "attempts_timeout"])? else { return None };
        u32::try_from(*seconds).ok().filter(|seconds| available && *seconds > 0)
    }

    /// The platform's own date of this state: `2020-12-10T10:44:49+0000`.
    pub fn date(&self) -> Option<&str> {
        self.text(&["operation", "date"]).or_else(|| self.text(&["payment", "date"]))
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.document.at(path).and_then(Json::as_text)
    }

    fn sum(&self, path: &[&str]) -> Option<Sum> {
        let sum = self.document.at(path)?;
        let Some(Json::Integer(amount)) = sum.get("amount") else { return None };
        let currency = sum.get("currency").and_then(Json::as_text)?;
        Some(Sum { amount: u64::try_from(*amount).ok()?, currency: currency.to_owned() })
    }
}

const SIGNATURE: &str = "signature";

/// The signature stands at top level, else in `general`, nowhere else. An empty one at top level is none at all.
fn signature_of(document: &Json) -> Option<String> {
    let member = match document.get(SIGNATURE) {
        None | Some(Json::Null) => document.at(&["general", SIGNATURE]),
        member => member,
    };
    member.and_then(Json::as_text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Members named `signature` are not signed, at whatever depth; those that are null are (as the reference has it).
fn remove_signatures(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.retain(|(name, value)| name != SIGNATURE || *value == Json::Null);
            members.iter_mut().for_each(|(_, value)| remove_signatures(value));
        }
        Json::List(items) => items.iter_mut().for_each(remove_signatures),
        _ => {}
    }
}

//! Callbacks: what the platform tells the shop, believed only after its signature was checked.

use super::{
    json::Json,
    signature::{self, Ambiguity, Key},
    signed_document::SignedDocument,
};

pub use super::signed_document::{MAX_BYTES, Refused};

/// A callback whose signature was checked. There is no other way to make one than [`VerifiedCallback::verify`],
/// and everything read from it comes from the very document that was checked.
#[derive(Debug)]
pub struct VerifiedCallback {
    document: SignedDocument,
    payment_id: String,
    status: String,
    ambiguity: Option<Ambiguity>,
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
        Self::told(SignedDocument::verify(body, keys)?)
    }

    /// Everything a signed body tells: a callback one thing, a status answer (`operations`) the newest sale or payout
    /// and then each refund, as the callbacks would have told them.
    pub fn all(body: &[u8], keys: &[Key]) -> Result<Vec<Self>, Refused> {
        Self::all_of(SignedDocument::verify(body, keys)?)
    }

    /// The same of a document that was verified already.
    pub fn all_of(document: SignedDocument) -> Result<Vec<Self>, Refused> {
        document.for_each_operation().into_iter().map(Self::told).collect()
    }

    fn told(document: SignedDocument) -> Result<Self, Refused> {
        let ambiguity = signature::ambiguity(document.json());
        let payment_id = match document.json().at(&["payment", "id"]) {
            Some(Json::Text(id)) if !id.is_empty() => id.clone(),
            Some(Json::Integer(id)) => id.to_string(),
            _ => return Err(Refused::NotACallback),
        };
        let status = match document.json().at(&["payment", "status"]).and_then(Json::as_text) {
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
        self.document.project_id()
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

    /// `operation.id`: a number, sometimes text.
    pub fn operation_id(&self) -> Option<String> {
        match self.document.json().at(&["operation", "id"])? {
            Json::Integer(id) => Some(id.to_string()),
            Json::Text(id) if !id.is_empty() => Some(id.clone()),
            _ => None,
        }
    }

    /// `operation.request_id`: what Gate's answer to the request named it.
    pub fn request_id(&self) -> Option<&str> {
        self.text(&["operation", "request_id"])
    }

    /// The name the shop gave a refund, with the payment or with the operation.
    pub fn merchant_refund_id(&self) -> Option<&str> {
        self.text(&["payment", "merchant_refund_id"]).or_else(|| self.text(&["operation", "merchant_refund_id"]))
    }

    /// `payment.method`, such as `payco`.
    pub fn method(&self) -> Option<&str> {
        self.text(&["payment", "method"])
    }

    /// Where the customer is to be sent: `redirect_data`.
    pub fn redirect_data(&self) -> Option<&Json> {
        self.document.json().get("redirect_data")
    }

    /// Whether the platform asks for the customer's last name.
    pub fn asks_last_name(&self) -> bool {
        self.document.json().at(&["clarification_fields", "customer", "last_name"]).is_some()
    }

    /// `payment.is_new_attempts_available` with `payment.attempts_timeout`: for so many seconds the customer may try
    /// the same payment again on the Payment Page.
    pub fn new_attempts_within_s(&self) -> Option<u32> {
        let available =
            matches!(self.document.json().at(&["payment", "is_new_attempts_available"])?, Json::Bool(true) | Json::Integer(1));
        let Json::Integer(seconds) = self.document.json().at(&["payment", "attempts_timeout"])? else { return None };
        u32::try_from(*seconds).ok().filter(|seconds| available && *seconds > 0)
    }

    /// The platform's own date of this state: `2020-12-10T10:44:49+0000`.
    pub fn date(&self) -> Option<&str> {
        self.text(&["operation", "date"]).or_else(|| self.text(&["payment", "date"]))
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.document.json().at(path).and_then(Json::as_text)
    }

    fn sum(&self, path: &[&str]) -> Option<Sum> {
        let sum = self.document.json().at(path)?;
        let Some(Json::Integer(amount)) = sum.get("amount") else { return None };
        let currency = sum.get("currency").and_then(Json::as_text)?;
        Some(Sum { amount: u64::try_from(*amount).ok()?, currency: currency.to_owned() })
    }
}

//! The Data API's register of operations: requests, and pages of answers, trusted only after their signature was checked.
//!
//! Careful readings, since most of the format is not published: moments are UTC, amounts are minor units.
//! A text with `;` does not make a page ambiguous: the shop asked for it over TLS, and it moves no money.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::signed::{
    document::{DocumentRefused, SignaturePlace, SignedDocument, Unwritable, signed},
    document_limits::{Limits, REGISTER_PAGE},
    json::{Json, JsonError},
    signature::Key,
};

pub const PATH: &str = "/v1/operations/get";

/// The path for all operations of one payment (careful reading: asked with `payment_id` instead of an interval).
pub const PATH_OF_PAYMENT: &str = "/v1/operations/get-by-payment";

/// Asks for a page of the register. Both moments are written like [`RegisterOperation::created_at`] and included.
#[derive(Debug, Clone, Copy)]
pub struct RegisterRequest<'a> {
    pub token: &'a SecretString,
    pub project_id: u64,
    pub from: &'a str,
    pub to: &'a str,
    /// How many rows to skip: those that are known already.
    pub offset: usize,
}

/// Asks for all operations of one payment.
#[derive(Debug, Clone, Copy)]
pub struct PaymentRequest<'a> {
    pub token: &'a SecretString,
    pub project_id: u64,
    pub payment_id: &'a str,
}

/// A page of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPage {
    pub rows: Vec<RegisterOperation>,
    /// How many rows all pages have together.
    pub total: usize,
}

/// An operation, with the members that the shop compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterOperation {
    pub operation_id: String,
    pub payment_id: String,
    /// Such as `sale`.
    pub operation_type: String,
    pub operation_status: String,
    /// The shop's own name of a refund, if the platform tells it.
    pub merchant_refund_id: Option<String>,
    /// `YYYY-MM-DD hh:mm:ss`
    pub created_at: String,
    /// Minor units.
    pub amount: u64,
    pub currency: String,
}

/// Why an answer is not a page of the register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Accepted without a signature, too: the platform signs only what it found.
    #[error("the Data API refused: code {code:?}, {message:?} (HTTP status {http_status})")]
    Refused { http_status: u16, code: String, message: String },
    #[error("the Data API answered with HTTP status {0}")]
    HttpStatus(u16),
    #[error("the answer is not a JSON object: {0}")]
    NotJson(JsonError),
    #[error("the answer is not signed with DATA_API_SECRET: {0}")]
    Unsigned(DocumentRefused),
    #[error("the answer is no page of the register: {0} is missing or not what it should be")]
    NotAPage(&'static str),
    #[error("operation {operation} of the register cannot be read: {member} is missing or not what it should be")]
    Operation { operation: String, member: &'static str },
}

impl RegisterRequest<'_> {
    pub fn signed(&self, key: &Key) -> Result<String, Unwritable> {
        let body = json!({
            "token": self.token.expose_secret(),
            "project_id": [self.project_id],
            "interval": { "from": self.from, "to": self.to },
            "limit": REGISTER_PAGE,
            "offset": self.offset,
        });
        signed(body, SignaturePlace::Top, key)
    }
}

impl PaymentRequest<'_> {
    pub fn signed(&self, key: &Key) -> Result<String, Unwritable> {
        let body = json!({
            "token": self.token.expose_secret(),
            "project_id": [self.project_id],
            "payment_id": self.payment_id,
        });
        signed(body, SignaturePlace::Top, key)
    }
}

impl RegisterPage {
    /// Reads the answer to a request about this project, signed with this key.
    pub fn read(http_status: u16, body: &[u8], key: &Key, project_id: u64) -> Result<Self, Unusable> {
        if http_status != 200 {
            return Err(refusal(http_status, body));
        }
        let document =
            SignedDocument::verify_within(&Limits::REGISTER, body, std::slice::from_ref(key)).map_err(|refused| match refused {
                DocumentRefused::Unreadable(reason) => Unusable::NotJson(reason),
                refused => Unusable::Unsigned(refused),
            })?;
        let page = document.json();
        let Some(Json::List(rows)) = page.get("operations") else { return Err(Unusable::NotAPage("operations")) };
        let total = whole(page.get("total")).and_then(|total| usize::try_from(total).ok());
        let total = total.ok_or(Unusable::NotAPage("total"))?;
        Ok(Self { rows: rows.iter().map(|row| RegisterOperation::read(row, project_id)).collect::<Result<_, _>>()?, total })
    }
}

impl RegisterOperation {
    fn read(row: &Json, project_id: u64) -> Result<Self, Unusable> {
        let operation_id = name(row.get("operation_id"));
        let wrong =
            |member| Unusable::Operation { operation: operation_id.clone().unwrap_or_else(|| "without an id".to_owned()), member };
        let text = |member| name(row.get(member)).ok_or_else(|| wrong(member));
        if whole(row.get("project_id")) != Some(project_id) {
            return Err(wrong("project_id"));
        }
        let merchant_refund_id = match row.get("merchant_refund_id") {
            None | Some(Json::Null) => None,
            Some(_) => Some(text("merchant_refund_id")?),
        };
        Ok(Self {
            operation_id: text("operation_id")?,
            payment_id: text("payment_id")?,
            operation_type: text("operation_type")?,
            operation_status: text("operation_status")?,
            merchant_refund_id,
            created_at: text("operation_created_at")?,
            amount: whole(row.get("initial_amount")).ok_or_else(|| wrong("initial_amount"))?,
            currency: text("initial_currency")?,
        })
    }
}

/// A text that is not empty; a number reads as its digits.
fn name(value: Option<&Json>) -> Option<String> {
    match value? {
        Json::Text(text) if !text.is_empty() => Some(text.clone()),
        Json::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number that is not negative, or a text of its digits.
fn whole(value: Option<&Json>) -> Option<u64> {
    match value? {
        Json::Integer(number) => u64::try_from(*number).ok(),
        Json::Text(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
}

fn refusal(http_status: u16, body: &[u8]) -> Unusable {
    let Ok(document) = Json::parse_object(body) else { return Unusable::HttpStatus(http_status) };
    match name(document.get("code")) {
        Some(code) => Unusable::Refused { http_status, code, message: name(document.get("message")).unwrap_or_default() },
        None => Unusable::HttpStatus(http_status),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn key() -> Key {
        Key::new(&"secret".to_owned().into()).unwrap()
    }

    fn row() -> Value {
        json!({ "project_id": 3000, "operation_id": 7, "payment_id": "a", "operation_type": "refund", "operation_status": "success",
                "merchant_refund_id": "r1", "operation_created_at": "2026-01-31 10:20:30", "initial_amount": 1250,
                "initial_currency": "EUR", "description": "a;b ".repeat(100) })
    }

    fn read(page: &Value) -> Result<RegisterPage, Unusable> {
        RegisterPage::read(200, signed(page.clone(), SignaturePlace::Top, &key()).unwrap().as_bytes(), &key(), 3000)
    }

    #[test]
    fn a_page_is_read_whole() {
        let page = read(&json!({ "operations": [row()], "total": 12 })).unwrap();
        assert_eq!(page.total, 12);
        let row = &page.rows[0];
        assert_eq!((row.operation_id.as_str(), row.payment_id.as_str(), row.amount), ("7", "a", 1250));
        assert_eq!((row.merchant_refund_id.as_deref(), row.currency.as_str()), (Some("r1"), "EUR"));
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_and_never_skipped() {
        for (member, wrong) in [
            ("project_id", json!(3001)),
            ("payment_id", json!("")),
            ("payment_id", Value::Null),
            ("operation_type", json!({})),
            ("operation_status", Value::Null),
            ("merchant_refund_id", json!([])),
            ("operation_created_at", Value::Null),
            ("initial_amount", json!(-1)),
            ("initial_amount", json!(12.5)),
            ("initial_amount", json!("12.50")),
            ("initial_amount", json!("")),
            ("initial_currency", json!(false)),
        ] {
            let mut bad = row();
            bad[member] = wrong.clone();
            let unusable = Unusable::Operation { operation: "7".to_owned(), member };
            assert_eq!(read(&json!({ "operations": [row(), bad], "total": 2 })), Err(unusable), "{member}: {wrong}");
        }
        let mut nameless = row();
        nameless["operation_id"] = Value::Null;
        let unusable = Unusable::Operation { operation: "without an id".to_owned(), member: "operation_id" };
        assert_eq!(read(&json!({ "operations": [nameless], "total": 1 })), Err(unusable));
    }

    #[test]
    fn what_is_no_signed_page_is_refused() {
        assert_eq!(read(&json!({ "operations": [] })), Err(Unusable::NotAPage("total")));
        assert_eq!(read(&json!({ "total": 0 })), Err(Unusable::NotAPage("operations")));
        let honest = signed(json!({ "operations": [row()], "total": 1 }), SignaturePlace::Top, &key()).unwrap();
        let read = |status, body: &str| RegisterPage::read(status, body.as_bytes(), &key(), 3000).unwrap_err();
        assert_eq!(read(200, &honest.replace("1250", "1251")), Unusable::Unsigned(DocumentRefused::SignatureWrong));
        assert_eq!(read(200, r#"{"operations":[],"total":0}"#), Unusable::Unsigned(DocumentRefused::SignatureMissing));
        assert_eq!(read(200, &honest[..40]), Unusable::NotJson(JsonError::NotJson));
        assert_eq!(read(502, &honest), Unusable::HttpStatus(502));
        let refused = Unusable::Refused { http_status: 401, code: "303".to_owned(), message: "unknown".to_owned() };
        assert_eq!(read(401, r#"{"status":"error","code":"303","message":"unknown"}"#), refused);
    }

    #[test]
    fn a_full_page_is_not_too_long() {
        let page = json!({ "operations": vec![row(); REGISTER_PAGE], "total": REGISTER_PAGE });
        assert!(page.to_string().len() > Limits::DOCUMENT.bytes, "longer than any other document");
        assert_eq!(read(&page).unwrap().rows.len(), REGISTER_PAGE);
    }

    #[test]
    fn a_request_carries_token_project_interval_and_signature() {
        let token = "t".to_owned().into();
        let request =
            RegisterRequest { token: &token, project_id: 3000, from: "2026-01-01 00:00:00", to: "2026-01-31 23:59:59", offset: 5 };
        let text = request.signed(&key()).unwrap();
        SignedDocument::verify(text.as_bytes(), &[key()]).unwrap();
        let sent: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&sent["token"], &sent["project_id"], &sent["offset"]), (&json!("t"), &json!([3000]), &json!(5)));
        assert_eq!(sent["interval"], json!({ "from": "2026-01-01 00:00:00", "to": "2026-01-31 23:59:59" }));
    }
}

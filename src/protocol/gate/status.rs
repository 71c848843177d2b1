//! What the platform knows of a payment: a signed answer, read as the callbacks it stands for.

use super::{Unclear, answer::is_about};
use crate::protocol::{
    callback::{Content, VerifiedCallback},
    signed::{
        document::{DocumentRefused, SignedDocument},
        document_limits::Limits,
        json::Json,
        signature::Key,
    },
};

/// A status answer that is signed by the platform and about the payment that was asked for.
#[derive(Debug)]
pub enum Status {
    /// The platform has no such payment: its page was closed before paying, or a request never arrived. Not a decline.
    NotFound,
    /// The callbacks it stands for: of the newest sale or payout, then of each refund.
    Told(Vec<VerifiedCallback>),
}

const NOT_FOUND: &str = "3061";

impl Status {
    /// Reads the answer to a question about this payment.
    pub fn read(http_status: u16, body: &[u8], keys: &[Key], project_id: u64, payment_id: &str) -> Result<Self, Unclear> {
        if !matches!(http_status, 200 | 400 | 404) {
            return Err(Unclear::HttpStatus(http_status));
        }
        let document = SignedDocument::verify_within(&Limits::STATUS, body, keys).map_err(|refused| match refused {
            DocumentRefused::SignatureMissing | DocumentRefused::SignatureWrong => Unclear::Unsigned,
            _ => Unclear::NotGates,
        })?;
        is_about(document.json(), project_id, payment_id)?;
        match document.json().at(&["payment", "id"]) {
            None if is_not_found(document.json()) => Ok(Self::NotFound),
            None => Err(Unclear::NotGates),
            Some(Json::Text(id)) if id.eq_ignore_ascii_case(payment_id) => {
                let told = VerifiedCallback::all_of(document);
                let is_clear = told.iter().all(|told| matches!(told.content(), Content::Payment { .. }));
                if is_clear { Ok(Self::Told(told)) } else { Err(Unclear::NotGates) }
            }
            Some(_) => Err(Unclear::Foreign),
        }
    }
}

fn is_not_found(document: &Json) -> bool {
    let Some(Json::List(errors)) = document.get("errors") else { return false };
    errors.iter().any(|error| match error.get("code") {
        Some(Json::Text(code)) => code == NOT_FOUND,
        Some(Json::Integer(code)) => code.to_string() == NOT_FOUND,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::protocol::signed::document::{SignaturePlace, signed};

    fn key() -> Key {
        Key::new(&"secret".to_owned().into()).unwrap()
    }

    fn read(answer: Value) -> Result<Status, Unclear> {
        Status::read(200, signed(answer, SignaturePlace::Top, &key()).unwrap().as_bytes(), &[key()], 3000, "A-1")
    }

    fn payment(status: &str, operations: Value) -> Value {
        let sum = json!({ "amount": 0, "currency": "KRW" });
        json!({ "project_id": 3000, "payment": { "id": "a-1", "status": status, "sum": sum }, "operations": operations })
    }

    fn operation(id: u32, kind: &str, status: &str) -> Value {
        json!({ "id": id, "type": kind, "status": status, "sum_initial": { "amount": 900, "currency": "KRW" } })
    }

    #[test]
    fn a_refunded_payment_is_told_as_its_sale_and_its_refunds() {
        let tries = json!([
            operation(1, "sale", "decline"),
            operation(2, "sale", "success"),
            operation(3, "refund", "success"),
            operation(4, "refund", "decline"),
        ]);
        let Status::Told(told) = read(payment("refunded", tries)).unwrap() else { panic!("told") };
        let heard: Vec<_> = told.iter().map(|told| (told.operation_type().unwrap(), told.payment_status().unwrap())).collect();
        assert_eq!(heard, [("sale", "success"), ("refund", "refunded"), ("refund", "refunded")]);
        // After a refund the payment's own sum is unreliable; the sale's is reliable.
        assert_eq!(told[0].payment_sum().unwrap().amount, 900);
    }

    #[test]
    fn a_payment_without_operations_is_told_as_it_stands() {
        let Status::Told(told) = read(payment("processing", json!([]))).unwrap() else { panic!("told") };
        assert_eq!((told.len(), told[0].payment_status(), told[0].operation_type()), (1, Some("processing"), None));
    }

    #[test]
    fn what_is_not_there_is_no_decline() {
        let answer = json!({ "project_id": 3000, "errors": [{ "code": "3061", "message": "not found" }] });
        assert!(matches!(read(answer), Ok(Status::NotFound)));
        assert_eq!(read(json!({ "project_id": 3000, "errors": [{ "code": "501" }] })).unwrap_err(), Unclear::NotGates);
        assert_eq!(read(json!({ "project_id": 3000 })).unwrap_err(), Unclear::NotGates);
    }

    #[test]
    fn an_answer_must_be_signed_and_ours() {
        let honest = signed(payment("success", json!([])), SignaturePlace::Top, &key()).unwrap();
        let read = |status, body: &str| Status::read(status, body.as_bytes(), &[key()], 3000, "A-1").unwrap_err();
        assert_eq!(read(200, &honest.replace("success", "decline")), Unclear::Unsigned);
        assert_eq!(read(200, r#"{"payment":{"id":"A-1","status":"success"}}"#), Unclear::Unsigned);
        assert_eq!(read(200, "<html>"), Unclear::NotGates);
        assert_eq!(read(502, &honest), Unclear::HttpStatus(502));
        let foreign =
            signed(json!({ "project_id": 3001, "payment": { "id": "A-1", "status": "success" } }), SignaturePlace::Top, &key());
        assert_eq!(read(200, &foreign.unwrap()), Unclear::Foreign);
        let other =
            signed(json!({ "project_id": 3000, "payment": { "id": "A-2", "status": "success" } }), SignaturePlace::Top, &key());
        assert_eq!(read(200, &other.unwrap()), Unclear::Foreign);
    }
}

//! Whether Gate accepted a request. An answer that is not clearly a yes or a no is neither: the request may have been
//! accepted, so it is never sent again, and the platform is asked what became of it.

use crate::protocol::signed::json::Json;

/// A clear answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Accepted; no money has moved yet.
    Accepted { request_id: String },
    /// Certainly not accepted. The platform's code and message.
    Refused { code: String, message: String },
}

/// Why an answer says neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    #[error("HTTP status {0}")]
    HttpStatus(u16),
    #[error("not a JSON object of Gate's")]
    NotGates,
    #[error("about another project or payment")]
    Foreign,
    #[error("an unknown status")]
    UnknownStatus(String),
    /// The platform knows such a request already, perhaps because this one arrived before.
    #[error("code {0}: known already")]
    KnownAlready(String),
    #[error("no valid signature")]
    Unsigned,
}

/// Codes that say that a payment id, refund id or operation exists already. A request is sent only once, so this is no refusal.
const KNOWN_ALREADY: [&str; 3] = ["3041", "3230", "3613"];
/// Codes that say "still processing".
const UNDER_WAY: [&str; 3] = ["9999", "19999", "29999"];

impl Answer {
    /// Reads an answer to a request about this payment.
    pub fn read(http_status: u16, body: &[u8], project_id: u64, payment_id: &str) -> Result<Self, Unclear> {
        // 408, 425 and 429 are about the transport, not the request; after a 5xx nothing is known.
        let speaks = matches!(http_status, 200 | 400..=407 | 409..=424 | 426..=428);
        if !speaks {
            return Err(Unclear::HttpStatus(http_status));
        }
        let document = Json::parse_object(body).map_err(|_| Unclear::NotGates)?;
        is_about(&document, project_id, payment_id)?;
        let status = document.get("status").and_then(Json::as_text).ok_or(Unclear::NotGates)?;
        match (http_status, status) {
            (200, "success") => {
                let request_id = document.get("request_id").and_then(Json::as_text).ok_or(Unclear::NotGates)?;
                Ok(Self::Accepted { request_id: request_id.to_owned() })
            }
            (_, "error") => refused(&document),
            (_, unknown) => Err(Unclear::UnknownStatus(unknown.to_owned())),
        }
    }
}

fn refused(document: &Json) -> Result<Answer, Unclear> {
    let code = match document.get("code") {
        Some(Json::Text(code)) if !code.is_empty() => code.clone(),
        Some(Json::Integer(code)) => code.to_string(),
        _ => return Err(Unclear::NotGates),
    };
    if KNOWN_ALREADY.contains(&code.as_str()) || UNDER_WAY.contains(&code.as_str()) {
        return Err(Unclear::KnownAlready(code));
    }
    let message = document.get("message").and_then(Json::as_text).unwrap_or_default().to_owned();
    Ok(Answer::Refused { code, message })
}

/// Checks the ids of an answer, at top level and in `general`. A missing id is fine, a different one is an error.
pub(super) fn is_about(document: &Json, project_id: u64, payment_id: &str) -> Result<(), Unclear> {
    let told = |name: &str| [document.get(name), document.at(&["general", name])].into_iter().flatten();
    let is_project = |value: &Json| match value {
        Json::Integer(id) => u64::try_from(*id) == Ok(project_id),
        Json::Text(id) => id.parse() == Ok(project_id),
        _ => false,
    };
    let is_payment = |value: &Json| value.as_text().is_some_and(|id| id.eq_ignore_ascii_case(payment_id));
    let is_ours = told("project_id").all(is_project) && told("payment_id").all(is_payment);
    if is_ours { Ok(()) } else { Err(Unclear::Foreign) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(http_status: u16, body: &str) -> Result<Answer, Unclear> {
        Answer::read(http_status, body.as_bytes(), 3000, "A-1")
    }

    #[test]
    fn a_yes_names_the_request() {
        let yes = r#"{"status":"success","request_id":"r1","project_id":3000,"payment_id":"a-1","new":{}}"#;
        assert_eq!(read(200, yes), Ok(Answer::Accepted { request_id: "r1".to_owned() }));
    }

    #[test]
    fn a_no_has_a_code() {
        for no in
            [r#"{"status":"error","code":"2004","message":"missing"}"#, r#"{"status":"error","code":2004,"message":"missing"}"#]
        {
            let refused = Answer::Refused { code: "2004".to_owned(), message: "missing".to_owned() };
            assert_eq!(read(400, no), Ok(refused.clone()));
            assert_eq!(read(200, no), Ok(refused));
        }
    }

    #[test]
    fn everything_else_is_neither() {
        let yes = r#"{"status":"success","request_id":"r1","project_id":3000,"payment_id":"A-1"}"#;
        for status in [201, 302, 408, 425, 429, 500, 502, 504] {
            assert_eq!(read(status, yes), Err(Unclear::HttpStatus(status)));
        }
        assert_eq!(read(400, yes), Err(Unclear::UnknownStatus("success".to_owned())));
        for half in
            [&yes[..40], "", "<!DOCTYPE html>", "[]", "{}", r#"{"status":"success"}"#, r#"{"status":"error"}"#, r#"{"status":5}"#]
        {
            assert_eq!(read(200, half), Err(Unclear::NotGates), "{half}");
        }
        for foreign in [
            r#"{"status":"success","request_id":"r1","project_id":3001,"payment_id":"A-1"}"#,
            r#"{"status":"success","request_id":"r1","project_id":3000,"payment_id":"A-2"}"#,
            r#"{"status":"error","code":"2004","payment_id":7}"#,
            r#"{"status":"error","code":"2004","project_id":3000,"general":{"project_id":3001}}"#,
            r#"{"status":"error","code":"2004","payment_id":"A-1","general":{"payment_id":"A-2"}}"#,
        ] {
            assert_eq!(read(200, foreign), Err(Unclear::Foreign), "{foreign}");
        }
        assert_eq!(read(200, r#"{"status":"maybe"}"#), Err(Unclear::UnknownStatus("maybe".to_owned())));
        for code in ["3041", "3230", "3613", "9999"] {
            let known = format!(r#"{{"status":"error","code":"{code}"}}"#);
            assert_eq!(read(400, &known), Err(Unclear::KnownAlready(code.to_owned())));
        }
    }
}

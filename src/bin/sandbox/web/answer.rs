//! Answers to programs: signed documents, and refusals with the platform's code.

use axum::{
    Json,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use storefront::protocol::signed::{
    document::{self, SignaturePlace},
    signature::Key,
};

use crate::{
    acts::refused::{RefusalCode, Refused},
    sandbox::{ActError, Unwritable},
    web::error::status_of,
};

/// The document with its signature at the top level.
pub fn signed(document: Value, key: &Key) -> Result<Response, Refused> {
    let signed = document::signed(document, SignaturePlace::Top, key).map_err(|error| ActError::from(Unwritable::from(error)))?;
    Ok(([(CONTENT_TYPE, "application/json")], signed).into_response())
}

/// `{"status": "error", "code", "message"}`
pub fn refusal(refused: &Refused) -> Response {
    let answer = json!({ "status": "error", "code": refused.code().name(), "message": refused.to_string() });
    (http_status(refused), Json(answer)).into_response()
}

/// Nothing published shows which HTTP status goes with which refusal (careful reading). The log tells what failed here.
pub fn http_status(refused: &Refused) -> StatusCode {
    if let Refused::Broken(error) = refused {
        tracing::error!(%error, "a request failed");
        return status_of(error);
    }
    match refused.code() {
        RefusalCode::UnknownToken => StatusCode::UNAUTHORIZED,
        RefusalCode::SignatureMissing | RefusalCode::SignatureWrong | RefusalCode::NotAServer => StatusCode::FORBIDDEN,
        RefusalCode::NoRefunds | RefusalCode::NothingHere => StatusCode::NOT_FOUND,
        RefusalCode::OnlyPost => StatusCode::METHOD_NOT_ALLOWED,
        _ => StatusCode::BAD_REQUEST,
    }
}

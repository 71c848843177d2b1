//! What Gate answers at once: accepted or refused, never the outcome. Not signed: nothing in it moves money.

use crate::{acts::refused::Refused, payments::operation::Operation, running::chance, web::answer::http_status};
use axum::{
    Json as JsonAnswer,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use storefront::protocol::signed::json::Json;

/// `{"status": "success", "request_id", "project_id", "payment_id"}`; the operation's callbacks carry the same `request_id`.
pub fn accepted(body: &[u8], operation: &Operation) -> Response {
    answer(StatusCode::OK, body, json!({ "status": "success", "request_id": operation.request_id }))
}

/// `{"status": "error", "code", "message", …}`
pub fn refusal(body: &[u8], refused: Refused) -> Response {
    let (code, message) = (refused.code().name(), refused.to_string());
    let answered = json!({ "status": "error", "code": code, "message": message, "request_id": chance::request_id() });
    answer(http_status(&refused), body, answered)
}

/// Names project and payment as the request did, if it could be read.
fn answer(status: StatusCode, body: &[u8], mut answered: Value) -> Response {
    let asked = Json::parse_object(body).ok();
    for name in ["project_id", "payment_id"] {
        match asked.as_ref().and_then(|asked| asked.at(&["general", name])) {
            Some(Json::Integer(number)) => answered[name] = (*number).into(),
            Some(Json::Text(text)) => answered[name] = text.as_str().into(),
            _ => {}
        }
    }
    (status, JsonAnswer(answered)).into_response()
}

//! What Gate answers at once: accepted or refused, never the outcome. Not signed: nothing in it moves money.

use crate::{acts::refused::Refused, payments::operation::Operation, running::chance, web::answer::http_status};
use axum::{
    Json as JsonAnswer,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use storefront::protocol::signed::json::Json;

/// `{"status": "success", "request_id", "project_id", "payment_id"}`; the operation's callbacks carry the same `request_id`.
pub fn accepted(body: &[u8], operation: &Operation) -> Response {
    let members = [("status", "success"), ("request_id", operation.request_id.as_str())];
    answer(StatusCode::OK, body, &members)
}

/// `{"status": "error", "code", "message", …}`
pub fn refusal(body: &[u8], refused: Refused) -> Response {
    let (message, request_id) = (refused.to_string(), chance::request_id());
    let members = [("status", "error"), ("code", refused.code().name()), ("message", &message), ("request_id", &request_id)];
    answer(http_status(&refused), body, &members)
}

/// Names project and payment as the request did, if it could be read.
fn answer(status: StatusCode, body: &[u8], members: &[(&str, &str)]) -> Response {
    let mut object: Map<String, Value> =
        members.iter().map(|(name, value)| ((*name).to_owned(), Value::String((*value).to_owned()))).collect();
    let asked = Json::parse_object(body).ok();
    for name in ["project_id", "payment_id"] {
        let value = match asked.as_ref().and_then(|asked| asked.at(&["general", name])) {
            Some(Json::Integer(number)) => Value::from(*number),
            Some(Json::Text(text)) => Value::from(text.as_str()),
            _ => continue,
        };
        object.insert(name.to_owned(), value);
    }
    (status, JsonAnswer(Value::Object(object))).into_response()
}

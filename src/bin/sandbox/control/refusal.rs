//! Why `/control` does not do something: `{"error": "…"}`, for people who read the logs of their tests.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{acts::refused::Refused, ledger::error::LedgerError, sandbox::ActError, web::error::status_of};

#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    pub status: StatusCode,
    reason: String,
}

impl Refusal {
    pub fn new(status: StatusCode, reason: impl ToString) -> Self {
        Self { status, reason: reason.to_string() }
    }

    pub fn bad_request(reason: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// 404, naming the payment.
    pub fn unknown_payment(payment_id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no payment {payment_id:?}"))
    }
}

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Self {
        tracing::error!(%error, "a control request failed");
        Self::new(status_of(&error), "the data file cannot be read or written")
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        ActError::from(error).into()
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Broken(error) => error.into(),
            refused => Self::new(StatusCode::CONFLICT, refused),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.reason }))).into_response()
    }
}

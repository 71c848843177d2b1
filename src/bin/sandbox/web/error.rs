//! What failed on the sandbox's own side. The visitor sees a plain page; the log tells the cause, once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{sandbox::ActError, web::page};

/// 503 where the same may succeed a moment later.
pub fn status_of(error: &ActError) -> StatusCode {
    if error.may_pass() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
}

impl IntoResponse for ActError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a page failed");
        let reason = "The sandbox could not read or write its data file. Its log says why.";
        page::refused(status_of(&self), "Something broke", reason)
    }
}

//! What went wrong on the sandbox's own side. The visitor sees a plain page, the log sees the cause, once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{ledger::LedgerError, look::page, payments::act::ActError};

/// A page that could not be made.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct PageError(#[from] ActError);

impl PageError {
    /// 503 where the same may succeed a moment later.
    pub fn http_status(&self) -> StatusCode {
        if self.0.may_pass() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
    }
}

impl From<LedgerError> for PageError {
    fn from(error: LedgerError) -> Self {
        Self(ActError::Ledger(error))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a page broke off");
        let reason = "The sandbox could not read or write its data file. Its log says why.".to_owned();
        page::refused(self.http_status(), "Something broke", reason)
    }
}

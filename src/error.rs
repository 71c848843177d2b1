//! The closed list of what a page may tell a visitor when it cannot do what was asked.
//!
//! Inside, errors keep their own types. At the edge each becomes one of these; its cause goes to the log once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::store::StoreError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppError {
    NotFound,
    BadRequest,
    TooLarge,
    NotAllowed,
    /// The request did not arrive in time.
    TooSlow,
    CrossSite,
    /// The operator's role does not reach so far.
    OtherRole,
    /// The database cannot be written. Nothing changed.
    Unavailable,
    Internal,
}

impl AppError {
    pub fn status(self) -> StatusCode {
        match self {
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::BadRequest => StatusCode::BAD_REQUEST,
            AppError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            AppError::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            AppError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            AppError::CrossSite | AppError::OtherRole => StatusCode::FORBIDDEN,
            AppError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The page itself is drawn by `server::failures`, which knows the visitor's language.
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            StoreError::Failed(_) | StoreError::NotNow => AppError::Unavailable,
            StoreError::Migration(_) | StoreError::Folder(_) | StoreError::Inconsistent(_) | StoreError::UnknownDatabase => {
                AppError::Internal
            }
        }
    }
}

//! The closed list of errors that a visitor is told. Inside, errors have types of their own; where a request is answered, each
//! becomes one of these, and its cause is logged once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppError {
    NotFound,
    BadRequest,
    TooLarge,
    NotAllowed,
    /// The request did not arrive in time.
    TooSlow,
    /// To be asked again after so many seconds.
    TooOften {
        wait_s: u64,
    },
    CrossSite,
    /// The operator's role does not allow it.
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
            AppError::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            AppError::CrossSite | AppError::OtherRole => StatusCode::FORBIDDEN,
            AppError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which the same may be asked again, where that helps.
    pub fn again_after_s(self) -> Option<u64> {
        match self {
            AppError::TooOften { wait_s } => Some(wait_s),
            AppError::Unavailable => Some(5),
            _ => None,
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

//! Why a program gets no answer: always JSON, `{"status": "error", "code": …, "message": …}`, never a page.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{error::AppError, protocol::signed::json::JsonError, server::store::StoreError};

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    #[error("The body is not one strict JSON object: {0}")]
    Unreadable(JsonError),
    #[error("The token is missing or not known")]
    UnknownToken,
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} has to be {1}")]
    Malformed(&'static str, &'static str),
    #[error("{0:?} is nothing that can be asked for")]
    UnknownMember(String),
    #[error("This token has asked too often; ask again in {wait_s} seconds")]
    TooOften { wait_s: u64 },
    #[error("{}", in_words(*.0))]
    Failed(AppError),
}

/// Why there is no answer.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// Always `error`.
    #[schema(example = "error")]
    status: &'static str,
    /// The name of what is wrong.
    #[schema(example = "malformed")]
    code: String,
    /// The same in a sentence for people.
    #[schema(example = "limit has to be a whole number from 1 to 1000")]
    message: String,
}

impl ApiError {
    /// Names that programs may rely on.
    fn code(&self) -> String {
        match self {
            ApiError::Unreadable(error) => error.to_string(),
            ApiError::UnknownToken => "unknown_token".to_owned(),
            ApiError::Missing(_) => "missing".to_owned(),
            ApiError::Malformed(..) => "malformed".to_owned(),
            ApiError::UnknownMember(_) => "unknown_member".to_owned(),
            ApiError::TooOften { .. } => "too_often".to_owned(),
            ApiError::Failed(error) => name(*error).to_owned(),
        }
    }

    fn http_status(&self) -> StatusCode {
        match self {
            ApiError::Unreadable(_) | ApiError::Missing(_) | ApiError::Malformed(..) | ApiError::UnknownMember(_) => {
                StatusCode::BAD_REQUEST
            }
            ApiError::UnknownToken => StatusCode::UNAUTHORIZED,
            ApiError::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            ApiError::Failed(error) => error.status(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let failure = Failure { status: "error", code: self.code(), message: self.to_string() };
        let mut response = (self.http_status(), Json(failure)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            ApiError::UnknownToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            ApiError::TooOften { wait_s } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

fn name(error: AppError) -> &'static str {
    match error {
        AppError::NotFound => "not_found",
        AppError::BadRequest => "malformed",
        AppError::TooLarge => "too_large",
        AppError::NotAllowed => "not_allowed",
        AppError::TooSlow => "too_slow",
        AppError::TooOften { .. } => "too_often",
        AppError::CrossSite | AppError::OtherRole => "forbidden",
        AppError::Unavailable => "unavailable",
        AppError::Internal => "internal",
    }
}

fn in_words(error: AppError) -> &'static str {
    match error {
        AppError::NotFound => "Nothing is at this address",
        AppError::BadRequest => "The request cannot be read",
        AppError::TooLarge => "The body is too large",
        AppError::NotAllowed => "This address does not take this method",
        AppError::TooSlow => "The request did not arrive in time",
        AppError::TooOften { .. } => "This was asked for too often",
        AppError::CrossSite | AppError::OtherRole => "This is not allowed",
        AppError::Unavailable => "The database is not available; nothing changed, ask again",
        AppError::Internal => "Something failed here; it is in the log",
    }
}

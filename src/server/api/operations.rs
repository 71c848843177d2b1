//! ACT: `POST /api/operations`: the shop's own register for programs, shaped like the Data API's `/operations/get`.
//!
//! Nothing is signed here: TLS keeps it from strangers, the token says who asks, and asking moves nothing.

use axum::{
    Json as JsonAnswer,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    domain::{
        people::api_token::ApiToken,
        register::{ListedOperation, ListedPage, OperationListKey},
    },
    error::AppError,
    protocol::signed::json::Json,
    server::{
        api::{
            question::{Question, QuestionBody},
            refused::ApiError,
        },
        running::{calendar::written_with_offset, chance},
        state::AppState,
    },
};

/// A page of the register, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Operations {
    operations: Vec<OperationRow>,
    /// How many there are in the interval, on all pages.
    total: u64,
    /// Where the next page begins: send it as `after`. null: there is none.
    #[schema(required = true, example = "1767225600.sale.ABCDE23456-1")]
    next: Option<String>,
}

/// A sale, refund or payout, with what the shop knows of it.
#[derive(Serialize, ToSchema)]
pub struct OperationRow {
    /// The shop's project at the platform.
    project_id: u64,
    /// The platform's number, where it was told.
    #[schema(required = true)]
    operation_id: Option<String>,
    payment_id: String,
    /// `sale`, `refund` or `payout`.
    #[schema(example = "sale")]
    operation_type: &'static str,
    /// In the platform's words, such as `success` or `decline`; `none` before it said anything.
    #[schema(example = "success")]
    operation_status: String,
    /// The platform's code.
    #[schema(required = true, example = "0")]
    operation_code: Option<String>,
    /// As callbacks name it; null where the customer has not chosen yet.
    #[schema(required = true, example = "bancontact")]
    method: Option<&'static str>,
    /// The order of a sale, the reason of a refund.
    #[schema(required = true, example = "Order ABCDE23456")]
    description: Option<String>,
    /// `YYYY-MM-DD hh:mm:ss±hh:mm` in the time zone that was asked for, with its offset then.
    #[schema(example = "2026-01-31 10:20:30+09:00")]
    operation_created_at: String,
    /// When its end was known; null while it is open.
    #[schema(required = true, example = "2026-01-31 10:21:04+09:00")]
    operation_completed_at: Option<String>,
    /// Minor units: 1250 EUR cents are 12.50.
    #[schema(example = 1250)]
    amount: u64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: &'static str,
    /// The customer's name at the platform.
    customer_id: String,
    /// The shop's own name of a refund; null of one that was made elsewhere, and of everything else.
    #[schema(required = true)]
    merchant_refund_id: Option<String>,
}

#[utoipa::path(
    post,
    path = "/api/operations",
    summary = "Sales, refunds and payouts, oldest first",
    request_body = QuestionBody,
    security(("token" = []), ()),
    responses(
        (status = 200, description = "A page of the register", body = Operations),
        (status = 400, description = "The question cannot be read, or asks for what there is not", body = super::refused::Failure),
        (status = 401, description = "The token is missing, unknown or revoked", body = super::refused::Failure),
        (status = 408, description = "The question did not arrive in time", body = super::refused::Failure),
        (status = 413, description = "The question is larger than 16 KiB", body = super::refused::Failure),
        (status = 429, description = "Asked too often: 60 at once, then one a second", body = super::refused::Failure,
            headers(("retry-after" = u64, description = "Seconds to wait"))),
        (status = 503, description = "The database is not available", body = super::refused::Failure),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        ApiError::Failed(if too_large { AppError::TooLarge } else { AppError::BadRequest })
    })?;
    // Checked for what could be read in two ways, such as a member that is given twice.
    Json::parse_object(&body).map_err(ApiError::Unreadable)?;
    let asked = serde_json::from_slice(&body).map_err(|_| ApiError::Failed(AppError::BadRequest))?;
    let token = known(&state, &headers, &asked).await?;
    state.api_rates.ask(&token.id).map_err(|wait_s| ApiError::TooOften { wait_s })?;
    state.store.api_token_used(&token, state.now()).await?;
    let question = Question::read(&asked, state.config.project_id, &state.config.time_zone)?;
    let page = match question.project {
        true => state.store.listed(&question.wanted).await?,
        false => ListedPage { rows: Vec::new(), total: 0, goes_on: false },
    };
    let answer = answer(page, state.config.project_id, &question.time_zone);
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], JsonAnswer(answer)).into_response())
}

/// The token that asks. It stands in the body, as at the Data API, or in the header; if both are given, they must be equal.
async fn known(state: &AppState, headers: &HeaderMap, asked: &QuestionBody) -> Result<ApiToken, ApiError> {
    let in_body = match &asked.token {
        Value::Null => None,
        value => Some(value.as_str().ok_or(ApiError::UnknownToken)?),
    };
    let in_header = match headers.get(header::AUTHORIZATION) {
        None => None,
        Some(value) => Some(value.to_str().ok().and_then(bearer).ok_or(ApiError::UnknownToken)?),
    };
    let token = match (in_body, in_header) {
        (Some(one), Some(other)) if one != other => return Err(ApiError::UnknownToken),
        (one, other) => one.or(other).ok_or(ApiError::UnknownToken)?,
    };
    state.store.api_token(chance::digest(token)).await?.ok_or(ApiError::UnknownToken)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn answer(page: ListedPage, project_id: u64, zone: &TimeZone) -> Operations {
    let next = page.rows.last().filter(|_| page.goes_on).map(|row| row.key.written());
    let operations = page.rows.into_iter().map(|row| operation(row, project_id, zone)).collect();
    Operations { operations, total: page.total, next }
}

fn operation(row: ListedOperation, project_id: u64, zone: &TimeZone) -> OperationRow {
    let OperationListKey { at, kind, .. } = row.key;
    OperationRow {
        project_id,
        operation_id: row.operation_id,
        payment_id: row.payment_id,
        operation_type: kind.name(),
        operation_status: row.status,
        operation_code: row.code,
        method: row.method.map(|method| method.rules().callback_name),
        description: row.description,
        operation_created_at: written_with_offset(at, zone),
        operation_completed_at: row.ended_at.map(|at| written_with_offset(at, zone)),
        amount: row.amount.minor(),
        currency: row.amount.currency().code(),
        customer_id: row.customer_id,
        merchant_refund_id: row.refund_name,
    }
}

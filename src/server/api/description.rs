//! `GET /api/openapi.json`: the JSON door, described for programs (OpenAPI 3.1).

use axum::Json;
use serde::Deserialize;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    operations::{OperationRow, Operations},
    refused::Failure,
};

/// A question about the register. Anything else than these members is refused.
#[derive(ToSchema)]
#[schema(example = json!({
    "interval": { "from": "2026-01-01", "to": "2026-01-31 23:59:59" },
    "timezone": "Asia/Seoul",
    "operation_type": ["sale", "refund"],
    "limit": 100
}))]
#[expect(dead_code, reason = "it only describes what `question` reads")]
pub struct QuestionSchema {
    /// Made by an owner in the back office. It may stand in the header `Authorization: Bearer` instead.
    #[schema(nullable)]
    token: Option<String>,
    /// Only operations of these projects; the shop has one.
    project_id: Option<Vec<u64>>,
    interval: IntervalSchema,
    /// A name such as `Asia/Seoul`, for the moments asked with and answered; the merchant's if left out.
    timezone: Option<String>,
    /// The most rows of the answer.
    #[schema(minimum = 1, maximum = 1000, default = 1000)]
    limit: Option<u32>,
    /// Rows to leave out. From page to page `after` is better: it cannot miss or repeat a row.
    #[schema(minimum = 0, maximum = 10000, default = 0)]
    offset: Option<u32>,
    /// The `next` of the answer before.
    after: Option<String>,
    /// Only operations of this kind, or of these.
    operation_type: Option<Types>,
    /// Not looked at: clients of the Data API send one.
    signature: Option<String>,
}

/// When operations began. Both ends count: a moment `YYYY-MM-DD hh:mm:ss`, or a whole day `YYYY-MM-DD`. A moment may have its
/// offset (`+02:00` or `Z`), and needs one where clocks of the time zone show it twice or never.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes what `question` reads")]
pub struct IntervalSchema {
    #[schema(example = "2026-01-01")]
    from: String,
    #[schema(example = "2026-01-31 23:59:59")]
    to: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Types {
    One(OperationType),
    Some(Vec<OperationType>),
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OperationType {
    Sale,
    Refund,
    Payout,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Three Harbours: operations",
        description = "The shop's own register of sales, refunds and payouts, shaped like the Data API's /operations/get. \
                       Amounts are integers in minor units. Questions are not signed: TLS and a token stand in front, and nothing moves.",
        license(name = "MIT", identifier = "MIT")
    ),
    paths(super::operations::list),
    components(schemas(QuestionSchema, IntervalSchema, Types, OperationType, Operations, OperationRow, Failure)),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of the back office")).build();
        description.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

pub async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}

//! ACT: `GET /api/openapi.json`: the description of the API for programs (OpenAPI 3.1).

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    operations::{OperationRow, Operations},
    question::{IntervalBody, OperationType, OperationTypes, QuestionBody},
    refused::Failure,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Three Harbours: operations",
        description = "The shop's own register of sales, refunds and payouts, shaped like the Data API's /operations/get. \
                       Amounts are integers in minor units. Questions are not signed: TLS and a token stand in front, and nothing moves.",
        license(name = "MIT", identifier = "MIT")
    ),
    paths(super::operations::list),
    components(schemas(QuestionBody, IntervalBody, OperationTypes, OperationType, Operations, OperationRow, Failure)),
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

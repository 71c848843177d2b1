//! `/control/questions`: which payments a shop asked about, and when.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;

use super::Refusal;
use crate::{ledger::questions, sandbox::Sandbox};

/// One status request.
#[derive(Serialize)]
pub struct QuestionShape {
    /// As the shop spelled it, whether there is such a payment or not.
    payment_id: String,
    /// On the sandbox's clock.
    at: String,
}

/// `GET /control/questions`: in the order they came; the newest ten thousand.
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<QuestionShape>>, Refusal> {
    let questions = sandbox.ledger.look(questions::all).await?.into_iter();
    Ok(Json(questions.map(|asked| QuestionShape { payment_id: asked.payment_id, at: asked.at.rfc3339() }).collect()))
}

//! `/control/questions`: which payments a shop asked about, and when.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{control::refusal::Refusal, ledger::questions, sandbox::Sandbox};

/// `GET /control/questions`: in the order they came, on the sandbox's clock; the newest ten thousand. The payment is as the
/// shop spelled it, whether it exists or not.
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<Value>>, Refusal> {
    let questions = sandbox.ledger.look(questions::all).await?.into_iter();
    Ok(Json(questions.map(|asked| json!({ "payment_id": asked.payment_id, "at": asked.at.rfc3339() })).collect()))
}

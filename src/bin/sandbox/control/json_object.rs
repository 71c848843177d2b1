//! JSON objects sent to `/control`. A list that happens to fit is no object, and what a name is missing or too much is said.

use serde::de::DeserializeOwned;
use storefront::protocol::signed::json::{Json, JsonError};

/// Why a body is not the object that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum NotThatObject {
    #[error("the body is not one JSON object: {0}")]
    NoObject(#[from] JsonError),
    #[error("{0}")]
    OtherMembers(#[from] serde_json::Error),
}

/// Reads one object: no duplicate members, nothing after it.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotThatObject> {
    Json::parse_object(body)?;
    Ok(serde_json::from_slice(body)?)
}

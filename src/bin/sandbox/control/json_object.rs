//! JSON objects sent to `/control`. A list that happens to fit is no object; a missing or unknown member is named.

use serde::de::DeserializeOwned;
use storefront::protocol::signed::json::Json;

use crate::control::refusal::Refusal;

/// Reads one object: no duplicate members, nothing after it.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    Json::parse_object(body).map_err(|error| Refusal::bad_request(format!("the body is not one JSON object: {error}")))?;
    serde_json::from_slice(body).map_err(Refusal::bad_request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;

    #[test]
    fn what_is_no_object_is_refused_by_name() {
        for (json, named) in [
            (r#"{"dorp": 1}"#, "dorp"),
            (r#"{"drop": 1, "drop": 0}"#, "duplicate_member"),
            ("[1]", "not_an_object"),
            ("{", "not_json"),
        ] {
            let refusal = read::<Faults>(json.as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains(named), "{json}: {refusal}");
        }
    }
}

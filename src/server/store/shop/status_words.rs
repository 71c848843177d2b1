//! The platform's words that attempts have, by how a payment of that word stands.

use crate::{
    platform::{PaymentStatus, Standing},
    server::store::{
        database::StoreError,
        engine::{Tx, params},
    },
};

/// The words of attempts that stand so, as a JSON list. Words nobody knew when this was written are among the open ones.
pub fn of(tx: &mut Tx<'_>, standing: Standing) -> Result<String, StoreError> {
    // One seek for each word that occurs, by the index.
    let words: Vec<String> = tx.all(
        "WITH RECURSIVE words (word) AS (
             SELECT min(status) FROM attempts
             UNION ALL SELECT (SELECT min(status) FROM attempts WHERE status > word) FROM words WHERE word IS NOT NULL
         ) SELECT word FROM words WHERE word IS NOT NULL",
        params![],
    )?;
    Ok(serde_json::Value::from_iter(words.into_iter().filter(|word| PaymentStatus::new(word.clone()).standing() == standing))
        .to_string())
}

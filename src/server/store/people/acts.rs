//! What operators did: written in the transaction that did it where there is one, and never changed.

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params, row},
};

row! {
    /// Something an operator did.
    #[derive(Debug, Clone)]
    pub struct Act {
        pub id: i64,
        /// Unix seconds.
        pub at: i64,
        pub operator: String,
        /// `None`: a command's.
        pub operator_id: Option<i64>,
        pub act: String,
        pub subject: String,
        pub detail: String,
    }
}

impl Store {
    /// Writes down what an operator does. `subject` is such as `order ABC` or `payment ABC-1`.
    pub async fn note_act(&self, operator: &str, act: &str, subject: &str, detail: &str, now: i64) -> Result<(), StoreError> {
        let (operator, act, subject, detail) = (operator.to_owned(), act.to_owned(), subject.to_owned(), detail.to_owned());
        self.decide(About::Itself, move |tx| note(tx, &operator, &act, &subject, &detail, now)).await
    }

    /// The newest acts, or those before the one of this number.
    pub async fn acts(&self, before: Option<i64>, most: u32) -> Result<Vec<Act>, StoreError> {
        self.look(move |tx| {
            tx.all("SELECT * FROM acts WHERE id < ?1 ORDER BY id DESC LIMIT ?2", params![before.unwrap_or(i64::MAX), most])
        })
        .await
    }

    /// All acts about one of these subjects, oldest first.
    pub async fn acts_about(&self, subjects: &[String]) -> Result<Vec<Act>, StoreError> {
        let subjects = subjects.to_vec();
        self.look(move |tx| about(tx, &subjects)).await
    }
}

/// Oldest first.
pub fn about(tx: &mut Tx<'_>, subjects: &[String]) -> Result<Vec<Act>, StoreError> {
    let mut acts: Vec<Act> = Vec::new();
    for subject in subjects {
        let found: Vec<Act> = tx.all("SELECT * FROM acts WHERE subject = ?1 ORDER BY id", params![subject])?;
        acts.extend(found);
    }
    acts.sort_by_key(|act| act.at);
    Ok(acts)
}

/// Writes down what an operator did, in the transaction that did it. The address is one of this moment.
pub fn note(tx: &mut Tx<'_>, operator: &str, act: &str, subject: &str, detail: &str, now: i64) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO acts (at, operator, operator_id, act, subject, detail) VALUES (?1, ?2,
             (SELECT id FROM operators WHERE lower(email) = ?6 AND removed_at IS NULL), ?3, ?4, ?5)",
        params![now, operator, act, subject, detail, operator.to_ascii_lowercase()],
    )
}

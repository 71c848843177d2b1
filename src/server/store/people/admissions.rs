//! Who let whom into the back office. One person may have made two accounts: an operator whom an uploader let in does not approve
//! that uploader's batches.

use crate::{
    domain::people::operator::Operator,
    server::store::{
        database::StoreError,
        engine::{Tx, params},
    },
};

/// Whose act it is.
#[derive(Debug, Clone)]
pub enum Actor {
    /// An operator in the back office.
    Operator { id: i64, email: String },
    /// A command, or the settings. They let nobody in: who works on the shop's computer could do anything anyway.
    Computer(&'static str),
}

impl Actor {
    /// As the journal of acts has it.
    pub fn name(&self) -> &str {
        match self {
            Actor::Operator { email, .. } => email,
            Actor::Computer(name) => name,
        }
    }

    pub fn is(&self, operator: i64) -> bool {
        matches!(self, Actor::Operator { id, .. } if *id == operator)
    }
}

impl From<&Operator> for Actor {
    fn from(operator: &Operator) -> Self {
        Actor::Operator { id: operator.id, email: operator.email.clone() }
    }
}

/// Notes that this operator is in, or is more than before, by somebody else's act.
pub fn note(tx: &mut Tx<'_>, by: &Actor, operator: i64, act: &str, now: i64) -> Result<(), StoreError> {
    let Actor::Operator { id: host, .. } = by else { return Ok(()) };
    if *host != operator {
        tx.execute(
            "INSERT INTO admissions (operator_id, let_in_by, act, at) VALUES (?1, ?2, ?3, ?4)",
            params![operator, *host, act, now],
        )?;
    }
    Ok(())
}

/// Whether an operator was let in by `host`, or by somebody whom `host` let in, and so on. Whoever was removed and added again
/// under the same address, by whomever, may be the same person: each link of the chain stands for all its namesakes.
pub fn was_let_in(tx: &mut Tx<'_>, operator: i64, host: i64) -> Result<bool, StoreError> {
    tx.one(
        "WITH RECURSIVE hosts (id) AS (
             SELECT namesake_id FROM namesakes WHERE operator_id = ?2
             UNION
             SELECT namesake_id FROM hosts JOIN admissions ON let_in_by = hosts.id JOIN namesakes USING (operator_id)
         )
         SELECT EXISTS (
             SELECT 1 FROM hosts JOIN admissions ON let_in_by = hosts.id JOIN namesakes USING (operator_id) WHERE namesake_id = ?1
         )",
        params![operator, host],
    )
}

//! The journal of callbacks as rows: each is one row, however often it comes.

use crate::{
    domain::{
        case::CaseKind,
        orders::history::{APPLIED, NOT_USED, OF_ANOTHER_SHOP},
    },
    server::store::{
        database::StoreError,
        engine::{Tx, params, row},
        told::incoming::{Incoming, Reading},
    },
};

/// What became of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was applied: the order changed, or what it told was known already.
    Applied,
    /// The very same was here before.
    Repeated,
    /// It is true, and of a kind that this shop does not use.
    NotUsed,
    /// It is about a payment of another shop on the same project.
    OfAnotherShop,
    Case(CaseKind),
}

impl Recorded {
    /// By what a person must look at.
    pub fn of(readings: &[Reading], cases: &[CaseKind]) -> Self {
        match cases.first() {
            Some(kind) => Recorded::Case(*kind),
            None if readings.is_empty() => Recorded::NotUsed,
            None => Recorded::Applied,
        }
    }

    /// The verdict in the journal.
    fn verdict(self) -> &'static str {
        match self {
            Recorded::Applied | Recorded::Repeated => APPLIED,
            Recorded::NotUsed => NOT_USED,
            Recorded::OfAnotherShop => OF_ANOTHER_SHOP,
            Recorded::Case(kind) => kind.name(),
        }
    }
}

/// Writes a new callback down. Returns its number.
pub fn insert(tx: &mut Tx<'_>, incoming: &Incoming, recorded: Recorded) -> Result<i64, StoreError> {
    let Incoming { digest, body, payment_id, source, received_at, .. } = incoming;
    tx.one(
        "INSERT INTO callbacks (digest, body, payment_id, source, verdict, received_at, last_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING id",
        params![digest, body, payment_id, *source, recorded.verdict(), *received_at],
    )
}

row! {
    /// What came before, and was signed alike.
    pub struct Known {
        pub id: i64,
        pub body: Vec<u8>,
        pub verdict: String,
    }
}

impl Known {
    /// Whether it is a case, and its members came again with other spellings. Another set of members is no other spelling.
    pub fn is_spelled_otherwise_by(&self, incoming: &Incoming) -> bool {
        let waits = CaseKind::from_name(&self.verdict).is_some();
        waits && self.body != incoming.body && (incoming.reads_alike)(&self.body, &incoming.body)
    }
}

/// Counts the delivery of a callback that was here before. `None`: it was not.
pub fn repeated(tx: &mut Tx<'_>, incoming: &Incoming) -> Result<Option<Known>, StoreError> {
    tx.first(
        "UPDATE callbacks SET deliveries = deliveries + 1, last_at = ?1 WHERE digest = ?2 RETURNING id, body, verdict",
        params![incoming.received_at, &incoming.digest],
    )
}

/// Keeps the other spelling of a callback.
pub fn spell_anew(tx: &mut Tx<'_>, id: i64, body: &[u8]) -> Result<(), StoreError> {
    tx.run("UPDATE callbacks SET body = ?1 WHERE id = ?2", params![body, id])
}

pub fn note_verdict(tx: &mut Tx<'_>, id: i64, recorded: Recorded) -> Result<(), StoreError> {
    tx.run("UPDATE callbacks SET verdict = ?1 WHERE id = ?2", params![recorded.verdict(), id])
}

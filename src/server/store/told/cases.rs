//! Cases, what waits for a person, as rows: opened, listed, and closed once the platform's answer leaves no doubt.

use crate::{
    domain::{books::MoneyKind, case::CaseKind},
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
    },
};

/// What waits for a person.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: i64,
    pub kind: CaseKind,
    pub payment_id: String,
    pub opened_at: i64,
    /// The callback that opened it: its id and body. `None`: it was opened because nothing was told.
    pub callback: Option<(i64, Vec<u8>)>,
}

impl FromRow for Case {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let callback: Option<i64> = row.named("callback_id")?;
        let body: Option<Vec<u8>> = row.named("body")?;
        read!(row => {
            id, kind, payment_id, opened_at,
        } and {
            callback: callback.zip(body),
        })
    }
}

/// The query for open cases, and how it goes on.
macro_rules! open_cases {
    ($rest:literal) => {
        concat!(
            "SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body
             FROM cases LEFT JOIN callbacks ON callbacks.id = callback_id WHERE closed_at IS NULL ",
            $rest
        )
    };
}

impl Store {
    /// Open cases, oldest first, at most `most`.
    pub async fn open_cases(&self, most: u32) -> Result<Vec<Case>, StoreError> {
        self.look(move |tx| tx.all(open_cases!("ORDER BY cases.id LIMIT ?1"), params![most])).await
    }

    pub async fn count_open_cases(&self) -> Result<u32, StoreError> {
        self.look(|tx| tx.one("SELECT count(*) FROM cases WHERE closed_at IS NULL", params![])).await
    }

    /// Whether there ever was a case of this number.
    pub async fn is_case(&self, id: i64) -> Result<bool, StoreError> {
        self.look(move |tx| tx.one("SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?1)", params![id])).await
    }

    pub async fn open_case(&self, id: i64) -> Result<Option<Case>, StoreError> {
        self.look(move |tx| tx.first(open_cases!("AND cases.id = ?1"), params![id])).await
    }
}

/// Opens a case, unless one of this kind and payment is open. `callback`: the id of the one that opens it, and what it is about.
pub fn open(
    tx: &mut Tx<'_>,
    kind: CaseKind,
    payment_id: &str,
    callback: Option<(i64, Option<MoneyKind>)>,
    now: i64,
) -> Result<(), StoreError> {
    let (id, about) = (callback.map(|(id, _)| id), callback.and_then(|(_, about)| about));
    tx.run(
        "INSERT INTO cases (kind, payment_id, callback_id, about, opened_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![kind, payment_id, id, about, now],
    )
}

/// Closes the cases that a clear answer of the platform ends. `about`: what the answer is about; `None`: all of the payment.
pub fn close_moot(tx: &mut Tx<'_>, payment_id: &str, about: Option<MoneyKind>, now: i64) -> Result<(), StoreError> {
    let open: Vec<(i64, CaseKind)> = tx.all(
        "SELECT id, kind FROM cases WHERE payment_id = ?1 AND closed_at IS NULL AND (CAST(?2 AS TEXT) IS NULL OR about IS NULL OR about = ?2)",
        params![payment_id, about],
    )?;
    for (id, _) in open.iter().filter(|(_, kind)| kind.ends_with_a_clear_answer()) {
        tx.execute(
            "UPDATE cases SET closed_at = ?1, outcome = 'moot', reason = 'the platform told it beyond doubt since' WHERE id = ?2",
            params![now, *id],
        )?;
    }
    Ok(())
}

/// Whether a clear answer of the platform would close a case of this payment, opened since that moment.
pub fn awaits_an_answer(tx: &mut Tx<'_>, payment_id: &str, since: i64) -> Result<bool, StoreError> {
    let open: Vec<CaseKind> = tx
        .all("SELECT kind FROM cases WHERE payment_id = ?1 AND closed_at IS NULL AND opened_at > ?2", params![payment_id, since])?;
    Ok(open.into_iter().any(CaseKind::ends_with_a_clear_answer))
}

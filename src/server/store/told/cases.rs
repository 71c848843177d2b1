//! Cases, what waits for a person, as rows: opened, listed, closed when the platform tells it beyond doubt.

use crate::{
    domain::{books::MoneyKind, case::CaseKind},
    server::store::{
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

/// What waits for a person.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: i64,
    pub kind: CaseKind,
    pub payment_id: String,
    pub opened_at: i64,
    /// What opened it, and its body as it came. `None`: nothing was told, and that is the case.
    pub callback: Option<(i64, Vec<u8>)>,
}

row! {
    struct CaseRow {
        id: i64,
        kind: String,
        payment_id: String,
        opened_at: i64,
        callback_id: Option<i64>,
        body: Option<Vec<u8>>,
    }
}

impl Store {
    /// Open cases, oldest first, at most `most`.
    pub async fn open_cases(&self, most: u32) -> Result<Vec<Case>, StoreError> {
        self.look(move |tx| open_cases(tx, most)).await
    }

    pub async fn count_open_cases(&self) -> Result<u32, StoreError> {
        self.look(count_open_cases).await
    }

    /// Whether there ever was a case of this number.
    pub async fn is_case(&self, id: i64) -> Result<bool, StoreError> {
        self.look(move |tx| is_case(tx, id)).await
    }

    pub async fn open_case(&self, id: i64) -> Result<Option<Case>, StoreError> {
        self.look(move |tx| open_case(tx, id)).await
    }
}

fn open_cases(tx: &mut Tx<'_>, most: u32) -> Result<Vec<Case>, StoreError> {
    let rows: Vec<CaseRow> = tx.all("SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body FROM cases LEFT JOIN callbacks ON callbacks.id = callback_id
         WHERE closed_at IS NULL ORDER BY cases.id LIMIT ?1", params![most])?;
    rows.into_iter().map(|row| row.into_case().ok_or(StoreError::Inconsistent("case"))).collect()
}

fn count_open_cases(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    tx.one("SELECT count(*) FROM cases WHERE closed_at IS NULL", params![])
}

fn is_case(tx: &mut Tx<'_>, id: i64) -> Result<bool, StoreError> {
    tx.one("SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?1)", params![id])
}

fn open_case(tx: &mut Tx<'_>, id: i64) -> Result<Option<Case>, StoreError> {
    let row: Option<CaseRow> = tx.first("SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body FROM cases LEFT JOIN callbacks ON callbacks.id = callback_id
         WHERE cases.id = ?1 AND closed_at IS NULL", params![id])?;
    row.map(|row| row.into_case().ok_or(StoreError::Inconsistent("case"))).transpose()
}

/// A person is not told the same thing twice: a case of this kind and payment that is open stays the only one. `callback`: what
/// opened it, and what that is about.
pub fn open(
    tx: &mut Tx<'_>,
    kind: CaseKind,
    payment_id: &str,
    callback: Option<(i64, Option<MoneyKind>)>,
    now: i64,
) -> Result<(), StoreError> {
    let (id, about) = (callback.map(|(id, _)| id), callback.and_then(|(_, about)| about));
    tx.execute(
        "INSERT INTO cases (kind, payment_id, callback_id, about, opened_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![kind.name(), payment_id, id, about.map(MoneyKind::name), now],
    )?;
    Ok(())
}

/// The platform told something beyond doubt: what was only a doubt about it is over. `about`: `None` where it told all of the
/// payment.
pub fn close_moot(tx: &mut Tx<'_>, payment_id: &str, about: Option<MoneyKind>, now: i64) -> Result<(), StoreError> {
    let open: Vec<(i64, String)> = tx.all(
        "SELECT id, kind FROM cases WHERE payment_id = ?1 AND closed_at IS NULL AND (?2 IS NULL OR about IS NULL OR about = ?2)",
        params![payment_id, about.map(MoneyKind::name)],
    )?;
    let is_moot = |kind: &str| CaseKind::from_name(kind).is_some_and(CaseKind::ends_with_a_clear_answer);
    for (id, _) in open.iter().filter(|(_, kind)| is_moot(kind)) {
        tx.execute(
            "UPDATE cases SET closed_at = ?1, outcome = 'moot', reason = 'the platform told it beyond doubt since' WHERE id = ?2",
            params![now, *id],
        )?;
    }
    Ok(())
}

/// Whether a clear answer of the platform would close a case of this payment, opened since that moment.
pub fn awaits_an_answer(tx: &mut Tx<'_>, payment_id: &str, since: i64) -> Result<bool, StoreError> {
    let open: Vec<String> = tx
        .all("SELECT kind FROM cases WHERE payment_id = ?1 AND closed_at IS NULL AND opened_at > ?2", params![payment_id, since])?;
    Ok(open.iter().filter_map(|kind| CaseKind::from_name(kind)).any(CaseKind::ends_with_a_clear_answer))
}

impl CaseRow {
    fn into_case(self) -> Option<Case> {
        let kind = CaseKind::from_name(&self.kind)?;
        let Self { id, payment_id, opened_at, callback_id, body, .. } = self;
        Some(Case { id, kind, payment_id, opened_at, callback: callback_id.zip(body) })
    }
}

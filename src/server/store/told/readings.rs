//! Applies all that a callback says, and opens cases for what a person must look at.

use crate::{
    domain::{books::MoneyKind, case::CaseKind, shop::product::Catalog},
    server::store::{
        database::StoreError,
        engine::Tx,
        questions::{self, Urgency},
        told::{cases, hearing::apply, incoming::Reading},
    },
};

/// Seconds from a doubt to the first question about it.
const DOUBTS_ARE_ASKED_ABOUT_AFTER_S: i64 = 10;

/// Applies each reading. Returns the cases to open.
pub fn take(
    tx: &mut Tx<'_>,
    readings: &[Reading],
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, StoreError> {
    let mut cases = Vec::new();
    for reading in readings {
        match reading {
            Reading::Doubtful(kind, _) => cases.push(*kind),
            Reading::Clear(report) => cases.extend(apply(tx, report, catalog, next_order_key, now)?),
        }
    }
    Ok(cases)
}

/// A doubt that a clear answer would end is asked about soon.
pub fn open_cases(
    tx: &mut Tx<'_>,
    cases: &[CaseKind],
    payment_id: &str,
    callback: (i64, Option<MoneyKind>),
    now: i64,
) -> Result<(), StoreError> {
    for kind in cases {
        cases::open(tx, *kind, payment_id, Some(callback), now)?;
        if kind.ends_with_a_clear_answer() {
            questions::expect(tx, payment_id, now.saturating_add(DOUBTS_ARE_ASKED_ABOUT_AFTER_S), Urgency::Heard)?;
        }
    }
    Ok(())
}

//! The journal of callbacks as people read it: searched, paged by key.

use crate::{
    domain::{
        day::DaySpan,
        orders::history::{Callback, Source},
    },
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Sql, Tx, params, read},
    },
};

/// Which callbacks are wanted; `None` asks for all. Newest first.
#[derive(Debug, Clone, Default)]
pub struct CallbackFilter {
    /// What the payment's id begins with.
    pub payment_id: Option<String>,
    pub verdict: Option<String>,
    pub source: Option<Source>,
    /// When it was received.
    pub span: DaySpan,
    /// The last one seen: moment and id.
    pub after: Option<(i64, i64)>,
}

impl FromRow for Callback {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            id, payment_id, body, verdict, source, received_at, deliveries, last_at,
        })
    }
}

const COLUMNS: &str = "SELECT id, payment_id, body, verdict, source, received_at, deliveries, last_at FROM callbacks WHERE ";

impl Store {
    pub async fn callback(&self, id: i64) -> Result<Option<Callback>, StoreError> {
        self.look(move |tx| {
            let mut query = Sql::new(COLUMNS);
            query.push("id = ").push_bind(id);
            query.first(tx)
        })
        .await
    }

    /// At most `most` of those the filter names.
    pub async fn callbacks(&self, filter: &CallbackFilter, most: u32) -> Result<Vec<Callback>, StoreError> {
        let filter = filter.clone();
        self.look(move |tx| callbacks(tx, &filter, most)).await
    }

    /// Every verdict there is.
    pub async fn verdicts(&self) -> Result<Vec<String>, StoreError> {
        self.look(verdicts).await
    }
}

fn callbacks(tx: &mut Tx<'_>, filter: &CallbackFilter, most: u32) -> Result<Vec<Callback>, StoreError> {
    let mut query = Sql::new(COLUMNS);
    query.push("TRUE");
    if let Some(prefix) = &filter.payment_id {
        let prefix = prefix.to_ascii_lowercase();
        query.push(" AND lower(payment_id) >= ").push_bind(prefix.clone());
        query.push(" AND lower(payment_id) < ").push_bind(format!("{prefix}\u{10FFFF}"));
    }
    if let Some(verdict) = &filter.verdict {
        query.push(" AND verdict = ").push_bind(verdict.clone());
    }
    if let Some(source) = filter.source {
        query.push(" AND source = ").push_bind(source);
    }
    if let Some(from) = filter.span.from {
        query.push(" AND received_at >= ").push_bind(from);
    }
    if let Some(before) = filter.span.before {
        query.push(" AND received_at < ").push_bind(before);
    }
    if let Some((at, id)) = filter.after {
        query.push(" AND (received_at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY received_at DESC, id DESC LIMIT ").push_bind(most);
    query.all(tx)
}

fn verdicts(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    // Each step looks up the next one in the index: the journal is long, the verdicts are few.
    tx.all(
        "WITH RECURSIVE known (verdict) AS (
             SELECT min(verdict) FROM callbacks UNION ALL
             SELECT (SELECT min(verdict) FROM callbacks WHERE verdict > known.verdict) FROM known WHERE verdict IS NOT NULL
         ) SELECT verdict FROM known WHERE verdict IS NOT NULL",
        params![],
    )
}

/// The newest about a payment, at most `most`, newest first.
pub fn of_payment(tx: &mut Tx<'_>, payment_id: &str, most: u32) -> Result<Vec<Callback>, StoreError> {
    let mut query = Sql::new(COLUMNS);
    query.push("lower(payment_id) = ").push_bind(payment_id.to_ascii_lowercase());
    query.push(" ORDER BY id DESC LIMIT ").push_bind(most);
    query.all(tx)
}

//! Everything about one order at one moment, for those who look into it.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError, acts, callback_journal,
    orders::{self, By, money},
    refunds,
};
use crate::domain::{
    books::Kind,
    case::CaseKind,
    history::{CaseRecord, Closed, FollowedRefund, Movement, OrderHistory, news},
    money::Currency,
    order::Order,
};

/// Callbacks of one payment that are shown with its order; the whole journal is a page of its own.
const MOST_CALLBACKS: u32 = 100;

#[derive(FromRow)]
struct CaseRow {
    id: i64,
    kind: String,
    payment_id: String,
    opened_at: i64,
    closed_at: Option<i64>,
    outcome: Option<String>,
    reason: Option<String>,
}

#[derive(FromRow)]
struct MovementRow {
    kind: String,
    reference: String,
    currency: String,
    posted_at: i64,
    amount_minor: i64,
}

#[derive(FromRow)]
struct Moments {
    sent_at: Option<i64>,
    ended_at: Option<i64>,
}

impl Store {
    /// The order of this number, whatever its letters' case.
    pub async fn order_of_number(&self, number: &str) -> Result<Option<Order>, StoreError> {
        let mut reading = self.reading().begin().await?;
        Ok(orders::load(&mut reading, By::Number(number)).await?.map(|stored| stored.order))
    }

    pub async fn order_history(&self, number: &str) -> Result<Option<OrderHistory>, StoreError> {
        let mut reading = self.reading().begin().await?;
        let Some(stored) = orders::load(&mut reading, By::Number(number)).await? else { return Ok(None) };
        history(&mut reading, stored.order).await.map(Some)
    }

    /// What changes on the order's page by itself, in short.
    pub async fn order_news(&self, number: &str) -> Result<Option<String>, StoreError> {
        let mut reading = self.reading().begin().await?;
        let Some(stored) = orders::load(&mut reading, By::Number(number)).await? else { return Ok(None) };
        let (mut all_refunds, mut open_cases) = (Vec::new(), 0);
        for attempt in &stored.order.attempts {
            all_refunds.extend(refunds::of_payment(&mut reading, &attempt.payment_id).await?);
            open_cases += cases(&mut reading, &attempt.payment_id).await?.iter().filter(|case| case.closed.is_none()).count();
        }
        Ok(Some(news(&stored.order, &all_refunds, open_cases)))
    }
}

async fn history(tx: &mut Transaction<'_, Sqlite>, order: Order) -> Result<OrderHistory, StoreError> {
    let mut history = OrderHistory {
        refunds: Vec::new(),
        callbacks: Vec::new(),
        is_cut: false,
        cases: Vec::new(),
        movements: Vec::new(),
        deeds: Vec::new(),
        next_question: None,
        order,
    };
    let mut subjects = vec![format!("order {}", history.order.number)];
    for attempt in &history.order.attempts {
        let id = &attempt.payment_id;
        subjects.push(format!("payment {id}"));
        let callbacks = callback_journal::of_payment(tx, id, MOST_CALLBACKS).await?;
        history.is_cut |= callbacks.len() >= MOST_CALLBACKS as usize;
        history.callbacks.extend(callbacks.into_iter().rev());
        for refund in refunds::of_payment(tx, id).await? {
            history.movements.extend(movement(tx, Kind::Refund, &refund.id).await?);
            let Moments { sent_at, ended_at } = moments(tx, &refund.id).await?;
            history.refunds.push(FollowedRefund { refund, sent_at, ended_at });
        }
        let cases = cases(tx, id).await?;
        subjects.extend(cases.iter().map(|case| format!("case {}", case.id)));
        history.cases.extend(cases);
        history.movements.extend(movement(tx, Kind::Sale, id).await?);
        let question: Option<i64> =
            sqlx::query_scalar("SELECT due_at FROM inquiries WHERE payment_id = ?").bind(id).fetch_optional(&mut **tx).await?;
        history.next_question = history.next_question.into_iter().chain(question).min();
    }
    history.deeds = acts::about(tx, &subjects).await?;
    Ok(history)
}

async fn moments(tx: &mut Transaction<'_, Sqlite>, refund_id: &str) -> Result<Moments, StoreError> {
    Ok(sqlx::query_as("SELECT sent_at, ended_at FROM refunds WHERE id = ?").bind(refund_id).fetch_one(&mut **tx).await?)
}

async fn cases(tx: &mut Transaction<'_, Sqlite>, payment_id: &str) -> Result<Vec<CaseRecord>, StoreError> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT id, kind, payment_id, opened_at, closed_at, outcome, reason FROM cases WHERE payment_id = ? ORDER BY id",
    )
    .bind(payment_id)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| row.into_record().ok_or(StoreError::Inconsistent("case"))).collect()
}

pub(super) async fn movement(
    tx: &mut Transaction<'_, Sqlite>,
    kind: Kind,
    reference: &str,
) -> Result<Option<Movement>, StoreError> {
    let row: Option<MovementRow> = sqlx::query_as(
        "SELECT kind, reference, currency, posted_at, max(amount_minor) AS amount_minor FROM postings JOIN entries ON posting = postings.id
         WHERE kind = ? AND reference = ? GROUP BY postings.id",
    )
    .bind(kind.name())
    .bind(reference)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| row.into_movement().ok_or(StoreError::Inconsistent("posting"))).transpose()
}

impl CaseRow {
    fn into_record(self) -> Option<CaseRecord> {
        let closed = self.closed_at.map(|at| Closed {
            at,
            outcome: self.outcome.unwrap_or_default(),
            reason: self.reason.unwrap_or_default(),
        });
        let kind = CaseKind::from_name(&self.kind)?;
        Some(CaseRecord { id: self.id, kind, payment_id: self.payment_id, opened_at: self.opened_at, closed })
    }
}

impl MovementRow {
    fn into_movement(self) -> Option<Movement> {
        let amount = money(self.amount_minor, Currency::from_code(&self.currency)?)?;
        Some(Movement { kind: Kind::from_name(&self.kind)?, reference: self.reference, amount, at: self.posted_at })
    }
}

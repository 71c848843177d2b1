//! Everything about one order at one moment, for those who look into it.

use crate::{
    domain::{
        books::MoneyKind,
        orders::{
            history::{BookedMovement, CaseRecord, Closed, Deed, FollowedRefund, OrderHistory, news},
            order::Order,
        },
    },
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read, row},
        money::refunds,
        people::acts::{self, Act},
        seen::callback_journal,
        shop::orders::{self, OrderKey},
    },
};

/// Callbacks of one payment that are shown with its order; the whole journal is a page of its own.
const MOST_CALLBACKS: u32 = 100;

impl FromRow for CaseRecord {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let closed = match row.named("closed_at")? {
            Some(at) => Some(Closed {
                at,
                outcome: row.named::<Option<String>>("outcome")?.unwrap_or_default(),
                reason: row.named::<Option<String>>("reason")?.unwrap_or_default(),
            }),
            None => None,
        };
        read!(row => {
            id, kind, payment_id, opened_at,
        } and {
            closed: closed,
        })
    }
}

impl FromRow for BookedMovement {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.named("kind")?,
            reference: row.named("reference")?,
            amount: row.money("amount_minor")?,
            at: row.named("posted_at")?,
        })
    }
}

row! {
    struct Moments {
        sent_at: Option<i64>,
        ended_at: Option<i64>,
    }
}

impl Store {
    /// The order of this number, whatever its letters' case.
    pub async fn order_of_number(&self, number: &str) -> Result<Option<Order>, StoreError> {
        let number = number.to_owned();
        self.look(move |tx| Ok(orders::load(tx, OrderKey::Number(&number))?.map(|stored| stored.order))).await
    }

    pub async fn order_history(&self, number: &str) -> Result<Option<OrderHistory>, StoreError> {
        let number = number.to_owned();
        self.look(move |tx| {
            let Some(stored) = orders::load(tx, OrderKey::Number(&number))? else { return Ok(None) };
            history(tx, stored.order).map(Some)
        })
        .await
    }

    /// What changes on the order's page by itself, in short.
    pub async fn order_news(&self, number: &str) -> Result<Option<String>, StoreError> {
        let number = number.to_owned();
        self.look(move |tx| {
            let Some(stored) = orders::load(tx, OrderKey::Number(&number))? else { return Ok(None) };
            let (mut all_refunds, mut open_cases) = (Vec::new(), 0);
            for attempt in &stored.order.attempts {
                all_refunds.extend(refunds::of_payment(tx, &attempt.payment_id)?);
                open_cases += cases(tx, &attempt.payment_id)?.iter().filter(|case| case.closed.is_none()).count();
            }
            Ok(Some(news(&stored.order, &all_refunds, open_cases)))
        })
        .await
    }
}

fn history(tx: &mut Tx<'_>, order: Order) -> Result<OrderHistory, StoreError> {
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
        let callbacks = callback_journal::of_payment(tx, id, MOST_CALLBACKS)?;
        history.is_cut |= callbacks.len() >= MOST_CALLBACKS as usize;
        history.callbacks.extend(callbacks.into_iter().rev());
        for refund in refunds::of_payment(tx, id)? {
            history.movements.extend(movement(tx, MoneyKind::Refund, &refund.id)?);
            let Moments { sent_at, ended_at } = moments(tx, &refund.id)?;
            history.refunds.push(FollowedRefund { refund, sent_at, ended_at });
        }
        let cases = cases(tx, id)?;
        subjects.extend(cases.iter().map(|case| format!("case {}", case.id)));
        history.cases.extend(cases);
        history.movements.extend(movement(tx, MoneyKind::Sale, id)?);
        let question: Option<i64> = tx.first("SELECT due_at FROM questions WHERE payment_id = ?1", params![id])?;
        history.next_question = history.next_question.into_iter().chain(question).min();
    }
    let acts = acts::about(tx, &subjects)?.into_iter();
    history.deeds =
        acts.map(|Act { at, operator, act, subject, detail, .. }| Deed { at, operator, act, subject, detail }).collect();
    Ok(history)
}

fn moments(tx: &mut Tx<'_>, refund_id: &str) -> Result<Moments, StoreError> {
    tx.one("SELECT sent_at, ended_at FROM refunds WHERE id = ?1", params![refund_id])
}

fn cases(tx: &mut Tx<'_>, payment_id: &str) -> Result<Vec<CaseRecord>, StoreError> {
    tx.all(
        "SELECT id, kind, payment_id, opened_at, closed_at, outcome, reason FROM cases WHERE payment_id = ?1 ORDER BY id",
        params![payment_id],
    )
}

pub fn movement(tx: &mut Tx<'_>, kind: MoneyKind, reference: &str) -> Result<Option<BookedMovement>, StoreError> {
    tx.first(
        "SELECT kind, reference, currency, posted_at, max(amount_minor) AS amount_minor
         FROM postings JOIN entries ON posting = postings.id WHERE kind = ?1 AND reference = ?2 GROUP BY postings.id",
        params![kind, reference],
    )
}

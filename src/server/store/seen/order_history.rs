//! Everything about one order at one moment, for those who look into it.

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        money::Currency,
        orders::{
            history::{BookedMovement, CaseRecord, Closed, FollowedRefund, OrderHistory, news},
            order::Order,
        },
    },
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        money::refunds,
        people::acts,
        seen::callback_journal,
        shop::orders::{self, OrderKey},
    },
};

/// Callbacks of one payment that are shown with its order; the whole journal is a page of its own.
const MOST_CALLBACKS: u32 = 100;

row! {
    struct CaseRow {
        id: i64,
        kind: String,
        payment_id: String,
        opened_at: i64,
        closed_at: Option<i64>,
        outcome: Option<String>,
        reason: Option<String>,
    }
}

row! {
    struct MovementRow {
        kind: String,
        reference: String,
        currency: String,
        posted_at: i64,
        amount_minor: i64,
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
        self.look(move |tx| order_of_number(tx, &number)).await
    }

    pub async fn order_history(&self, number: &str) -> Result<Option<OrderHistory>, StoreError> {
        let number = number.to_owned();
        self.look(move |tx| order_history(tx, &number)).await
    }

    /// What changes on the order's page by itself, in short.
    pub async fn order_news(&self, number: &str) -> Result<Option<String>, StoreError> {
        let number = number.to_owned();
        self.look(move |tx| order_news(tx, &number)).await
    }
}

fn order_of_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Order>, StoreError> {
    Ok(orders::load(tx, OrderKey::Number(number))?.map(|stored| stored.order))
}

fn order_history(tx: &mut Tx<'_>, number: &str) -> Result<Option<OrderHistory>, StoreError> {
    let Some(stored) = orders::load(tx, OrderKey::Number(number))? else { return Ok(None) };
    history(tx, stored.order).map(Some)
}

fn order_news(tx: &mut Tx<'_>, number: &str) -> Result<Option<String>, StoreError> {
    let Some(stored) = orders::load(tx, OrderKey::Number(number))? else { return Ok(None) };
    let (mut all_refunds, mut open_cases) = (Vec::new(), 0);
    for attempt in &stored.order.attempts {
        all_refunds.extend(refunds::of_payment(tx, &attempt.payment_id)?);
        open_cases += cases(tx, &attempt.payment_id)?.iter().filter(|case| case.closed.is_none()).count();
    }
    Ok(Some(news(&stored.order, &all_refunds, open_cases)))
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
    history.deeds = acts::about(tx, &subjects)?;
    Ok(history)
}

fn moments(tx: &mut Tx<'_>, refund_id: &str) -> Result<Moments, StoreError> {
    tx.one("SELECT sent_at, ended_at FROM refunds WHERE id = ?1", params![refund_id])
}

fn cases(tx: &mut Tx<'_>, payment_id: &str) -> Result<Vec<CaseRecord>, StoreError> {
    let rows: Vec<CaseRow> = tx.all(
        "SELECT id, kind, payment_id, opened_at, closed_at, outcome, reason FROM cases WHERE payment_id = ?1 ORDER BY id",
        params![payment_id],
    )?;
    rows.into_iter().map(|row| row.into_record().ok_or(StoreError::Inconsistent("case"))).collect()
}

pub fn movement(tx: &mut Tx<'_>, kind: MoneyKind, reference: &str) -> Result<Option<BookedMovement>, StoreError> {
    let row: Option<MovementRow> = tx.first("SELECT kind, reference, currency, posted_at, max(amount_minor) AS amount_minor FROM postings JOIN entries ON posting = postings.id
         WHERE kind = ?1 AND reference = ?2 GROUP BY postings.id", params![kind.name(), reference])?;
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
    fn into_movement(self) -> Option<BookedMovement> {
        let amount = money(self.amount_minor, Currency::from_code(&self.currency)?)?;
        Some(BookedMovement { kind: MoneyKind::from_name(&self.kind)?, reference: self.reference, amount, at: self.posted_at })
    }
}

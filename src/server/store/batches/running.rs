//! Running batches: in one transaction the next row becomes a refund or payout, or is refused. After that it is sent as every
//! refund and payout is.

use crate::{
    domain::{
        batch::{BatchKind, BatchState, PayoutAsked, RefundAsked, RowRequest, read_row},
        books,
        money::{Currency, Money},
    },
    server::store::{
        about::About,
        batches::{files, rows},
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        money::{
            payouts::{self, PayoutError},
            refunds::{self, AskError},
        },
    },
};

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// Written down under this name; it is to be sent.
    Asked(BatchKind, String),
    Refused,
}

row! {
    struct Next {
        batch_id: i64,
        columns: String,
        batch_state: BatchState,
        position: u32,
        cells: String,
        name: String,
        amount_minor: i64,
        currency: Currency,
    }
}

/// Rows of a batch that may be written down and not sent yet.
pub const MOST_TO_SEND: u32 = 4;

/// Rows that this one (batch ?1, position ?2) tries again, and those that those try again.
macro_rules! tried_again_by {
    ($then:literal) => {
        concat!(
            "WITH RECURSIVE earlier (batch_id, position) AS (
                 SELECT batches.again_of, batch_rows.again_of FROM batch_rows JOIN batches ON batches.id = batch_id
                 WHERE batch_id = ?1 AND position = ?2 AND batch_rows.again_of IS NOT NULL
                 UNION
                 SELECT batches.again_of, batch_rows.again_of FROM earlier
                 JOIN batch_rows ON batch_rows.batch_id = earlier.batch_id AND batch_rows.position = earlier.position
                 JOIN batches ON batches.id = batch_rows.batch_id
                 WHERE batch_rows.again_of IS NOT NULL) ",
            $then
        )
    };
}

/// CROSS JOIN: the few batches first, then their rows by index. A batch with `MOST_TO_SEND` rows that wait to be sent stands
/// still: the platform cannot be reached, and rows that are not written down yet can still be cancelled.
const NEXT: &str = "SELECT batch_id, columns, batches.state AS batch_state, position, cells, batch_rows.name,
        amount_minor, currency
     FROM batches CROSS JOIN batch_rows ON batch_id = batches.id AND batch_rows.state = 'ready'
     WHERE batches.state IN ('approved', 'running')
         AND (SELECT count(*) FROM batch_rows AS waiting WHERE waiting.batch_id = batches.id AND waiting.state = 'stored') < ?1
     ORDER BY batches.id, position LIMIT 1";

/// Why a row becomes no refund or payout.
enum NotRun {
    Refused(String),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for NotRun {
    fn from(error: E) -> Self {
        match error.into() {
            // A row that cannot be read, or whose order cannot be read, stops no other.
            unreadable @ StoreError::Inconsistent(_) => Self::Refused(unreadable.to_string()),
            error => Self::Store(error),
        }
    }
}

impl Store {
    /// Takes the next row of the oldest batch that has one. `None`: there is none.
    pub async fn run_next_row(&self, now: i64) -> Result<Option<Ran>, StoreError> {
        self.decide(About::Batches, move |tx| run_next_row(tx, now)).await
    }

    /// Ends the batches of which every row has its end.
    pub async fn finish_batches(&self, now: i64) -> Result<(), StoreError> {
        self.decide(About::Itself, move |tx| finish_batches(tx, now)).await
    }
}

fn run_next_row(tx: &mut Tx<'_>, now: i64) -> Result<Option<Ran>, StoreError> {
    let Some(next): Option<Next> = tx.first(NEXT, params![MOST_TO_SEND])? else {
        return Ok(None);
    };
    if next.batch_state == BatchState::Approved {
        tx.execute("UPDATE batches SET state = 'running' WHERE id = ?1", params![next.batch_id])?;
    }
    let ran = match ask(tx, &next, now) {
        Ok(kind) => {
            tx.execute(
                "UPDATE batch_rows SET state = 'stored', transfer_id = (SELECT id FROM transfers WHERE kind = ?1 AND name = ?2)
                 WHERE batch_id = ?3 AND position = ?4",
                params![kind, &next.name, next.batch_id, next.position],
            )?;
            Ran::Asked(kind, next.name)
        }
        Err(NotRun::Refused(reason)) => {
            tx.execute(
                "UPDATE batch_rows SET state = 'refused', reason = ?1 WHERE batch_id = ?2 AND position = ?3",
                params![reason, next.batch_id, next.position],
            )?;
            Ran::Refused
        }
        Err(NotRun::Store(error)) => return Err(error),
    };
    Ok(Some(ran))
}

fn finish_batches(tx: &mut Tx<'_>, now: i64) -> Result<(), StoreError> {
    let over: Vec<i64> = tx.all(
        "SELECT id FROM batches WHERE state IN ('approved', 'running') AND NOT EXISTS (SELECT 1 FROM batch_rows
             WHERE batch_id = batches.id AND batch_rows.state IN ('ready', 'stored', 'sending', 'unknown', 'pending'))",
        params![],
    )?;
    for batch in over {
        tx.execute(
            "UPDATE batches SET state = 'finished', ended_at = ?1 WHERE id = ?2 AND state IN ('approved', 'running')",
            params![now, batch],
        )?;
    }
    Ok(())
}

/// Writes the row's refund or payout down, by the rules of this moment and with the sum that was shown and approved.
fn ask(tx: &mut Tx<'_>, next: &Next, now: i64) -> Result<BatchKind, NotRun> {
    let unreadable = || StoreError::Inconsistent("row of a batch");
    let columns = files::columns_of(&next.columns)?;
    let cells = rows::cells_of(&next.cells)?;
    let asked = read_row(&columns, &cells).map_err(|_| unreadable())?;
    let amount = money(next.amount_minor, next.currency).ok_or_else(unreadable)?;
    let about = match &asked {
        RowRequest::Refund(asked) => About::Payment(asked.payment_id.clone()),
        RowRequest::Payout(asked) => About::Customer(asked.order.customer_id.clone()),
    };
    about.hold(tx)?;
    if !all_before_are_declined(tx, next)? {
        return Err(NotRun::Refused("the row it tries again was not declined after all".to_owned()));
    }
    match asked {
        RowRequest::Refund(asked) => refund(tx, &next.name, &asked, amount, now)?,
        RowRequest::Payout(asked) => payout(tx, &next.name, &asked, now)?,
    }
    Ok(columns.kind)
}

fn refund(tx: &mut Tx<'_>, name: &str, asked: &RefundAsked, amount: Money, now: i64) -> Result<(), NotRun> {
    // A refund of this name is not this row's: those are written here alone.
    if refunds::by_id(tx, name)?.is_some() {
        return Err(NotRun::Refused(AskError::NameTaken.to_string()));
    }
    let address = asked.ip_address.as_deref();
    match refunds::ask(tx, name, &asked.payment_id, Some(amount), &asked.reason, address, now) {
        Ok(_) => {}
        Err(AskError::Store(error)) => return Err(error.into()),
        Err(refusal) => return Err(NotRun::Refused(refusal.to_string())),
    }
    if let Some(address) = address {
        tx.execute(
            "UPDATE orders SET ip_address = ?1
             WHERE ip_address IS NULL AND id = (SELECT order_id FROM attempts WHERE lower(payment_id) = ?2)",
            params![address, asked.payment_id.to_ascii_lowercase()],
        )?;
    }
    Ok(())
}

fn payout(tx: &mut Tx<'_>, name: &str, asked: &PayoutAsked, now: i64) -> Result<(), NotRun> {
    if payouts::by_payment(tx, name)?.is_some() {
        return Err(NotRun::Refused(PayoutError::NameTaken.to_string()));
    }
    match payouts::ask(tx, name, &asked.order, asked.ip_address.as_deref(), now) {
        Ok(_) => Ok(()),
        Err(PayoutError::Store(error)) => Err(error.into()),
        Err(refusal) => Err(NotRun::Refused(refusal.to_string())),
    }
}

/// Whether every row that this one tries again, through all batches, is declined still.
fn all_before_are_declined(tx: &mut Tx<'_>, next: &Next) -> Result<bool, StoreError> {
    tx.one(tried_again_by!(
        "SELECT NOT EXISTS (SELECT 1 FROM earlier LEFT JOIN batch_rows USING (batch_id, position) WHERE state IS DISTINCT FROM 'declined')"
    ), params![next.batch_id, next.position])
}

/// Whether the money of a refund or payout that moved now may also move by another row: one that it tries again, or one that tries
/// it again.
pub fn moved_twice(tx: &mut Tx<'_>, kind: books::MoneyKind, name: &str) -> Result<bool, StoreError> {
    let row = "SELECT batch_id, position FROM transfers JOIN batch_rows ON transfer_id = transfers.id
        WHERE transfers.kind = ?1 AND transfers.name = ?2";
    let Some((batch, position)): Option<(i64, u32)> = tx.first(row, params![kind, name])? else {
        return Ok(false);
    };
    tx.one(tried_again_by!(
        ", later (batch_id, position) AS (
             SELECT CAST(?1 AS BIGINT), CAST(?2 AS BIGINT)
             UNION
             SELECT batch_rows.batch_id, batch_rows.position FROM later
             JOIN batches ON batches.again_of = later.batch_id
             JOIN batch_rows INDEXED BY batch_rows_again ON batch_rows.batch_id = batches.id AND batch_rows.again_of = later.position)
         SELECT EXISTS (SELECT 1 FROM (SELECT * FROM earlier UNION SELECT * FROM later) AS tries JOIN batch_rows USING (batch_id, position)
             WHERE state IN ('stored', 'sending', 'unknown', 'pending', 'done') AND (batch_id, position) <> (?1, ?2))"
    ), params![batch, position])
}

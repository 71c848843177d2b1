//! What operators do with a batch: start, approve, cancel. Each act is decided and noted in one transaction.

use sqlx::{Sqlite, Transaction};

use super::{
    PayoutError, Store, StoreError, acts, batch_checks, batch_rows, batches,
    orders::{as_stored, money},
    payouts,
};
use crate::domain::{
    batch::{BatchState, Column, Columns, Kind, Record, needs_approval},
    money::{Currency, Money},
    operator::{Limits, Operator},
    payout::{Payout, PayoutOrder, Reference},
};

/// What starting a batch came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It runs.
    Runs,
    /// A second person must approve it.
    Waits,
}

/// Why nothing was done with a batch.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such run")]
    Unknown,
    #[error("it is {} meanwhile", .0.name())]
    NotNow(BatchState),
    #[error("only whoever uploaded it starts it")]
    NotYours,
    #[error("whoever uploaded it does not approve it: a second person must")]
    YourOwn,
    #[error("none of its rows can be run")]
    NothingToRun,
}

impl From<sqlx::Error> for BatchError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The header is row 1.
const FIRST_ROW: u32 = 2;
/// Seconds for which what an operator started alone counts.
const DAY_S: i64 = 24 * 60 * 60;

impl Store {
    /// Whoever uploaded it wants it run: at once, or, above the limits, after a second person approved.
    pub async fn start_batch(&self, id: i64, operator: &Operator, limits: &Limits, now: i64) -> Result<Started, BatchError> {
        let mut tx = self.begin().await?;
        let batch = batches::find(&mut tx, id).await?.ok_or(BatchError::Unknown)?;
        if batch.state != BatchState::Checked {
            return Err(BatchError::NotNow(batch.state));
        }
        if batch.uploaded_by.0 != operator.id {
            return Err(BatchError::NotYours);
        }
        let started = begin_run(&mut tx, id, operator, limits, now).await?;
        tx.commit().await?;
        Ok(started)
    }

    /// A second person lets it run.
    pub async fn approve_batch(&self, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
        let mut tx = self.begin().await?;
        let batch = batches::find(&mut tx, id).await?.ok_or(BatchError::Unknown)?;
        if batch.state != BatchState::Waiting {
            return Err(BatchError::NotNow(batch.state));
        }
        if batch.uploaded_by.0 == operator.id {
            return Err(BatchError::YourOwn);
        }
        let totals = batch_rows::totals(&mut tx, id).await?;
        if totals.is_empty() {
            return Err(BatchError::NothingToRun);
        }
        sqlx::query("UPDATE batches SET state = 'approved', approved_by = ?, approved_at = ? WHERE id = ?")
            .bind(operator.id)
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        acts::note(&mut tx, &operator.email, "approve batch", &format!("batch {id}"), &in_words(&totals), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Nothing more of it is sent: what was written down and has not left ends here. What was sent goes on to its end.
    pub async fn cancel_batch(&self, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
        let mut tx = self.begin().await?;
        let batch = batches::find(&mut tx, id).await?.ok_or(BatchError::Unknown)?;
        if !batch.state.may_be_cancelled() {
            return Err(BatchError::NotNow(batch.state));
        }
        sqlx::query("UPDATE batches SET state = 'cancelled', ended_at = ? WHERE id = ?")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        // Whoever sends takes what is stored: either it left before, or it never does. Its row follows it.
        sqlx::query(
            "UPDATE refunds SET progress = 'declined', ended_at = ?2 WHERE progress = 'stored' AND id IN
                 (SELECT refund_id FROM batch_rows WHERE batch_id = ?1 AND state = 'stored')",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE payouts SET progress = 'declined' WHERE progress = 'stored' AND payment_id IN
                 (SELECT payout_id FROM batch_rows WHERE batch_id = ?1 AND state = 'stored')",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let detail = format!("it was {}", batch.state.name());
        acts::note(&mut tx, &operator.email, "cancel batch", &format!("batch {id}"), &detail, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A single payout as a batch of one row, started at once: it runs, or waits for a second person.
    /// `reference`: its name; the same one again is refused.
    pub async fn batch_of_one(
        &self,
        operator: &Operator,
        order: PayoutOrder,
        reference: Option<Reference>,
        limits: &Limits,
        now: i64,
    ) -> Result<(i64, Started), PayoutError> {
        let mut tx = self.begin().await?;
        let columns = Columns::all(Kind::Payout);
        let file_name = format!("one payout to {}", order.customer_id);
        let of = batches::insert(&mut tx, operator.id, columns, &file_name, None, now).await?;
        let name = reference.as_ref().map_or_else(|| of.name_of_row(FIRST_ROW), |name| name.as_str().to_owned());
        if payouts::by_payment(&mut tx, &name).await?.is_some()
            || payouts::names_a_purchase(&mut tx, &name).await?
            || is_promised(&mut tx, &name).await?
        {
            return Err(PayoutError::NameTaken);
        }
        Payout::begin(name, &order, &payouts::of_customer(&mut tx, &order.customer_id).await?, now)?;
        let cells = of.columns.order().iter().map(|column| cell(*column, &order, reference.as_ref()));
        let record = Record { row: FIRST_ROW, cells: cells.collect() };
        let checked = batch_checks::check(&mut tx, &of, vec![record]).await?;
        batches::insert_rows(&mut tx, &of, checked, &[]).await?;
        sqlx::query("UPDATE batches SET row_count = 1 WHERE id = ?")
            .bind(of.batch)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        let started = begin_run(&mut tx, of.batch, operator, limits, now).await.map_err(|error| match error {
            BatchError::Store(error) => error,
            _ => StoreError::Inconsistent("single payout"),
        })?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok((of.batch, started))
    }

    /// The run that has a payout of this name, ready or sent.
    pub async fn batch_of_payout(&self, name: &str) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT batch_id FROM batch_rows JOIN batches ON batches.id = batch_id
             WHERE kind = 'payout' AND batch_rows.name = ? AND batch_rows.state <> 'refused' ORDER BY batch_id DESC LIMIT 1",
        )
        .bind(name)
        .fetch_optional(self.reading())
        .await?)
    }

    /// Whether a run of these rows would wait for a second person if its operator started it now.
    pub async fn batch_would_wait(&self, id: i64, operator: i64, limits: &Limits, now: i64) -> Result<bool, StoreError> {
        let mut reading = self.reading().begin().await?;
        let run = sums(&batch_rows::totals(&mut reading, id).await?);
        Ok(needs_approval(&run, &started_alone(&mut reading, operator, now).await?, limits))
    }
}

/// The run's sums, and those the operator started alone in the last day, decide whether somebody else must look.
async fn begin_run(
    tx: &mut Transaction<'static, Sqlite>,
    id: i64,
    operator: &Operator,
    limits: &Limits,
    now: i64,
) -> Result<Started, BatchError> {
    let totals = batch_rows::totals(tx, id).await?;
    if totals.is_empty() {
        return Err(BatchError::NothingToRun);
    }
    let waits = needs_approval(&sums(&totals), &started_alone(tx, operator.id, now).await?, limits);
    let (state, act, started) = match waits {
        true => (BatchState::Waiting, "ask for approval of batch", Started::Waits),
        false => (BatchState::Approved, "start batch", Started::Runs),
    };
    sqlx::query("UPDATE batches SET state = ?, started_at = ? WHERE id = ?")
        .bind(state.name())
        .bind(now)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    acts::note(tx, &operator.email, act, &format!("batch {id}"), &in_words(&totals), now).await?;
    Ok(started)
}

/// What an operator started within a day without a second person, single payouts and all. Of what was cancelled, only what had
/// been sent.
pub(super) async fn started_alone(tx: &mut Transaction<'_, Sqlite>, operator: i64, now: i64) -> Result<Vec<Money>, StoreError> {
    let sums: Vec<(String, i64)> = sqlx::query_as(
        "SELECT currency, sum(amount_minor) FROM (
             SELECT currency, amount_minor FROM batches CROSS JOIN batch_rows ON batch_id = batches.id AND batch_rows.state <> 'refused'
             WHERE uploaded_by = ?1 AND started_at > ?2 AND approved_by IS NULL AND batches.state IN ('approved', 'running', 'finished')
             UNION ALL
             SELECT currency, amount_minor FROM batches
             CROSS JOIN batch_rows ON batch_id = batches.id AND batch_rows.state NOT IN ('refused', 'ready')
             WHERE uploaded_by = ?1 AND started_at > ?2 AND approved_by IS NULL AND batches.state = 'cancelled'
             UNION ALL
             SELECT currency, amount_minor FROM payouts WHERE asked_by = ?1 AND asked_at > ?2 AND progress <> 'declined'
         ) GROUP BY currency",
    )
    .bind(operator)
    .bind(now.saturating_sub(DAY_S))
    .fetch_all(&mut **tx)
    .await?;
    let sum = |(code, minor): (String, i64)| money(minor, Currency::from_code(&code)?);
    sums.into_iter().map(|total| sum(total).ok_or(StoreError::Inconsistent("total of a batch"))).collect()
}

/// A payout of this name waits in a batch.
async fn is_promised(tx: &mut Transaction<'static, Sqlite>, name: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM batch_rows INDEXED BY batch_rows_by_name CROSS JOIN batches ON batch_id = batches.id
             WHERE batch_rows.name = ? AND batch_rows.name IS NOT NULL AND batch_rows.state <> 'refused' AND batch_rows.state = 'ready'
                 AND kind = 'payout' AND batches.state <> 'cancelled')",
    )
    .bind(name)
    .fetch_one(&mut **tx)
    .await?)
}

fn sums(totals: &[(Money, u32)]) -> Vec<Money> {
    totals.iter().map(|(sum, _)| *sum).collect()
}

/// `3 rows, 12.50 EUR; 1 row, 500 KRW`
fn in_words(totals: &[(Money, u32)]) -> String {
    let parts = totals.iter().map(|(sum, rows)| format!("{rows} {}, {sum}", if *rows == 1 { "row" } else { "rows" }));
    parts.collect::<Vec<_>>().join("; ")
}

fn cell(column: Column, order: &PayoutOrder, reference: Option<&Reference>) -> String {
    match column {
        Column::PaymentId => reference.map_or_else(String::new, |name| name.as_str().to_owned()),
        Column::Amount => as_stored(order.amount.money()).to_string(),
        Column::Currency => order.amount.money().currency().code().to_owned(),
        Column::CustomerId => order.customer_id.clone(),
        Column::Account => order.account.as_str().to_owned(),
        Column::FullName => order.full_name.as_str().to_owned(),
        Column::Description | Column::RefundName | Column::IpAddress => String::new(),
    }
}

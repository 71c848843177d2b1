//! What operators do with a batch: start, approve, cancel. Each act is decided and noted in one transaction.

use crate::{
    domain::{
        batch::{BatchKind, BatchState, Column, Columns, Record, needs_approval},
        money::Money,
        people::operator::{Operator, SumLimits},
        transfers::payout::{Payout, PayoutOrder, Reference},
    },
    server::store::{
        about::About,
        batches::{checks, files, rows},
        columns::as_stored,
        database::{Store, StoreError},
        engine::{Tx, params},
        money::{
            allowance,
            payouts::{self, PayoutError},
        },
        people::{acts, admissions},
        shop::orders,
    },
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
    #[error("there is no such batch")]
    Unknown,
    #[error("it is {} meanwhile", .0.name())]
    NotNow(BatchState),
    #[error("only whoever uploaded it starts it")]
    NotYours,
    #[error("whoever uploaded it does not approve it: a second person must")]
    YourOwn,
    #[error(
        "whoever uploaders let in cannot approve their batches: the uploader added you, gave you your role or reset your sign-in, \
         or somebody whom the uploader let in did. Another person must approve it"
    )]
    LetInByUploader,
    #[error("none of its rows can be sent")]
    NothingToRun,
}

/// The header is row 1.
const FIRST_ROW: u32 = 2;

impl Store {
    /// Its uploader starts it: it runs at once or, above the limits, after a second person approved.
    pub async fn start_batch(&self, id: i64, operator: &Operator, limits: &SumLimits, now: i64) -> Result<Started, BatchError> {
        let (operator, limits) = (operator.clone(), limits.clone());
        self.decide([About::Batch(id), About::Operator(operator.id)], move |tx| start_batch(tx, id, &operator, &limits, now)).await
    }

    /// A second person approves it.
    pub async fn approve_batch(&self, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
        let operator = operator.clone();
        self.decide(About::Batch(id), move |tx| approve_batch(tx, id, &operator, now)).await
    }

    /// Nothing more of it is sent. What was sent goes on to its end.
    pub async fn cancel_batch(&self, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
        let operator = operator.clone();
        self.decide(About::Batch(id), move |tx| cancel_batch(tx, id, &operator, now)).await
    }

    /// A single payout as a batch of one row, started at once: it runs, or waits for a second person.
    /// `name` is drawn from chance. `reference`: the payout's own name; the same one again is refused.
    pub async fn batch_of_one(
        &self,
        name: String,
        operator: &Operator,
        order: PayoutOrder,
        reference: Option<Reference>,
        limits: &SumLimits,
        now: i64,
    ) -> Result<(i64, Started), PayoutError> {
        let (operator, limits) = (operator.clone(), limits.clone());
        let about = [About::Batches, About::Operator(operator.id), About::Customer(order.customer_id.clone())];
        self.decide(about, move |tx| batch_of_one(tx, name.clone(), &operator, order.clone(), reference.clone(), &limits, now))
            .await
    }

    /// The batch that has a payout of this name, ready or sent.
    pub async fn batch_of_payout(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let name = name.to_owned();
        self.look(move |tx| {
            tx.first(
                "SELECT batch_id FROM batch_rows JOIN batches ON batches.id = batch_id
         WHERE kind = 'payout' AND lower(batch_rows.name) = ?1 AND batch_rows.name IS NOT NULL AND batch_rows.state <> 'refused'
         ORDER BY batch_id DESC LIMIT 1",
                params![name.to_ascii_lowercase()],
            )
        })
        .await
    }

    /// Whether this batch would wait for a second person if this operator started it now.
    pub async fn batch_would_wait(&self, id: i64, operator: i64, limits: &SumLimits, now: i64) -> Result<bool, StoreError> {
        let limits = limits.clone();
        self.look(move |tx| {
            let run = sums(&rows::totals(tx, id)?);
            Ok(needs_approval(&run, &allowance::started_alone(tx, operator, now)?, &limits))
        })
        .await
    }
}

fn start_batch(tx: &mut Tx<'_>, id: i64, operator: &Operator, limits: &SumLimits, now: i64) -> Result<Started, BatchError> {
    let batch = files::find(tx, id)?.ok_or(BatchError::Unknown)?;
    if batch.state != BatchState::Checked {
        return Err(BatchError::NotNow(batch.state));
    }
    if batch.uploaded_by.0 != operator.id {
        return Err(BatchError::NotYours);
    }
    begin_run(tx, id, operator, limits, now)
}

fn approve_batch(tx: &mut Tx<'_>, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
    let batch = files::find(tx, id)?.ok_or(BatchError::Unknown)?;
    if batch.state != BatchState::Waiting {
        return Err(BatchError::NotNow(batch.state));
    }
    let (uploader, address) = &batch.uploaded_by;
    // An operator who was removed and added again has another number, and may be the same person.
    if *uploader == operator.id || address.eq_ignore_ascii_case(&operator.email) {
        return Err(BatchError::YourOwn);
    }
    if admissions::was_let_in(tx, operator.id, *uploader)? {
        return Err(BatchError::LetInByUploader);
    }
    let totals = rows::totals(tx, id)?;
    if totals.is_empty() {
        return Err(BatchError::NothingToRun);
    }
    tx.execute(
        "UPDATE batches SET state = 'approved', approved_by = ?1, approved_at = ?2 WHERE id = ?3",
        params![operator.id, now, id],
    )?;
    acts::note(tx, &operator.email, "approve batch", &format!("batch {id}"), &in_words(&totals), now)?;
    Ok(())
}

fn cancel_batch(tx: &mut Tx<'_>, id: i64, operator: &Operator, now: i64) -> Result<(), BatchError> {
    let batch = files::find(tx, id)?.ok_or(BatchError::Unknown)?;
    if !batch.state.may_be_cancelled() {
        return Err(BatchError::NotNow(batch.state));
    }
    tx.execute("UPDATE batches SET state = 'cancelled', ended_at = ?1 WHERE id = ?2", params![now, id])?;
    // A sender claims what is stored: either it was sent before, or it never is. A trigger updates its row.
    tx.execute(
        "UPDATE transfers SET progress = 'declined', ended_at = ?2 WHERE progress = 'stored' AND id IN
             (SELECT transfer_id FROM batch_rows WHERE batch_id = ?1 AND state = 'stored')",
        params![id, now],
    )?;
    let detail = format!("it was {}", batch.state.name());
    acts::note(tx, &operator.email, "cancel batch", &format!("batch {id}"), &detail, now)?;
    Ok(())
}

fn batch_of_one(
    tx: &mut Tx<'_>,
    name: String,
    operator: &Operator,
    order: PayoutOrder,
    reference: Option<Reference>,
    limits: &SumLimits,
    now: i64,
) -> Result<(i64, Started), PayoutError> {
    let columns = Columns::all(BatchKind::Payout);
    let file_name = format!("one payout to {}", order.customer_id);
    let of = files::insert(tx, name, operator.id, columns, &file_name, None, now)?;
    let name = reference.as_ref().map_or_else(|| of.name_of_row(FIRST_ROW), |name| name.as_str().to_owned());
    if payouts::by_payment(tx, &name)?.is_some() || payouts::names_a_purchase(tx, &name)? || is_promised(tx, &name)? {
        return Err(PayoutError::NameTaken);
    }
    Payout::begin(name, &order, &orders::of_customer(tx, &order.customer_id)?, now)?;
    let cells = of.columns.order().iter().map(|column| cell(*column, &order, reference.as_ref()));
    let record = Record { row: FIRST_ROW, cells: cells.collect() };
    let checked = checks::check(tx, &of, vec![record])?;
    files::insert_rows(tx, &of, checked, &[])?;
    tx.execute("UPDATE batches SET row_count = 1 WHERE id = ?1", params![of.batch])?;
    let started = begin_run(tx, of.batch, operator, limits, now).map_err(|error| match error {
        BatchError::Store(error) => error,
        _ => StoreError::Inconsistent("single payout"),
    })?;
    Ok((of.batch, started))
}

/// The batch's sums, and those that the operator started alone in the last day, decide whether a second person must approve.
fn begin_run(tx: &mut Tx<'_>, id: i64, operator: &Operator, limits: &SumLimits, now: i64) -> Result<Started, BatchError> {
    let totals = rows::totals(tx, id)?;
    if totals.is_empty() {
        return Err(BatchError::NothingToRun);
    }
    let waits = needs_approval(&sums(&totals), &allowance::started_alone(tx, operator.id, now)?, limits);
    let (state, act, started) = match waits {
        true => (BatchState::Waiting, "ask for approval of batch", Started::Waits),
        false => (BatchState::Approved, "start batch", Started::Runs),
    };
    tx.execute("UPDATE batches SET state = ?1, started_at = ?2 WHERE id = ?3", params![state, now, id])?;
    acts::note(tx, &operator.email, act, &format!("batch {id}"), &in_words(&totals), now)?;
    Ok(started)
}

/// A payout of this name waits in a batch.
fn is_promised(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM batch_rows INDEXED BY batch_rows_by_name CROSS JOIN batches ON batch_id = batches.id
             WHERE lower(batch_rows.name) = ?1 AND batch_rows.name IS NOT NULL AND batch_rows.state <> 'refused'
                 AND batch_rows.state = 'ready' AND kind = 'payout' AND batches.state <> 'cancelled')",
        params![name.to_ascii_lowercase()],
    )
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

//! ACT: a batch is started, approved, cancelled, or its failed rows are tried again.

use axum::response::{IntoResponse, Redirect, Response};
use futures::TryFutureExt;

use crate::{
    domain::{
        batch::{Batch, BatchKind, Column, Record},
        people::operator::Operator,
    },
    error::AppError,
    server::{
        admin::{
            batches::show::{Leafing, Refusal, find, show_batch},
            money_form,
            office::sentence,
            people::step_up::{Acting, Proof},
        },
        http::input::{Number, ShopForm},
        running::chance,
        state::AppState,
        store::{BatchError, RowsOf, UploadError},
    },
};

/// Declined rows that are copied at a time.
const ROWS_AT_ONCE: u32 = 500;

/// By the operator who uploaded it: it runs, or waits for a second person.
pub async fn start(acting: Acting, Number(id): Number, ShopForm(proof): ShopForm<Proof>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let _turn = money_form::turn().await;
    let batch = find(state, id).await?;
    // After a double click the second request finds it started, and its code used up.
    if batch.is_of(operator.id) && batch.started_at.is_some() {
        return Ok(to_page(batch.id));
    }
    let start = state.store.start_batch(batch.id, operator, &state.config.approval_above, state.now());
    once_confirmed(&acting, &proof, batch, start.map_ok(drop)).await
}

/// A second person lets it run.
pub async fn approve(acting: Acting, Number(id): Number, ShopForm(proof): ShopForm<Proof>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let _turn = money_form::turn().await;
    let batch = find(state, id).await?;
    if batch.approved_by.as_ref() == Some(&operator.email) {
        return Ok(to_page(batch.id));
    }
    let approve = state.store.approve_batch(batch.id, operator, state.now());
    once_confirmed(&acting, &proof, batch, approve).await
}

/// Stopping money needs no second proof.
pub async fn cancel(acting: Acting, Number(id): Number) -> Result<Response, AppError> {
    let batch = find(&acting.state, id).await?;
    let done = acting.state.store.cancel_batch(batch.id, &acting.operator, acting.state.now()).await;
    answer(&acting, batch, done).await
}

/// A new batch of the declined rows alone, each under a new name. It is started and approved like any other.
pub async fn try_again(acting: Acting, Number(id): Number) -> Result<Response, AppError> {
    let batch = find(&acting.state, id).await?;
    match copy_declined(&acting.state, &acting.operator, &batch).await {
        Ok(copy) => Ok(to_page(copy)),
        Err(UploadError::Store(error)) => Err(error.into()),
        Err(error) => refuse(&acting, batch, sentence(&error)).await,
    }
}

async fn copy_declined(state: &AppState, operator: &Operator, batch: &Batch) -> Result<i64, UploadError> {
    let store = &state.store;
    let named_by = match batch.kind() {
        BatchKind::Refund => Column::RefundName,
        BatchKind::Payout => Column::PaymentId,
    };
    let mut rows = store.batch_rows_to_try_again(batch.id, 0, ROWS_AT_ONCE).await?;
    if rows.is_empty() {
        return Err(UploadError::NothingToTry);
    }
    let columns = batch.columns.clone().with(named_by);
    let of = store.begin_batch(chance::token(), operator.id, columns, &batch.file_name, Some(batch.id), state.now()).await?;
    let mut next = 2; // The header is row 1.
    while let Some(last) = rows.last().map(|record| record.row) {
        let again: Vec<u32> = rows.iter().map(|record| record.row).collect();
        let records: Vec<Record> = (next..).zip(rows).map(|(row, record)| renamed(batch, &of, named_by, row, record)).collect();
        next = records.last().map_or(next, |record| record.row.saturating_add(1));
        if let Err(error) = store.add_batch_rows(&of, records, &again, state.now()).await {
            store.drop_upload(of.batch).await?;
            return Err(error);
        }
        rows = store.batch_rows_to_try_again(batch.id, last, ROWS_AT_ONCE).await?;
    }
    store.batch_was_read(&of, None, &operator.email, state.now()).await?;
    Ok(of.batch)
}

/// The row's cells by the new columns. The old name is taken: at the platform it means what was declined.
fn renamed(batch: &Batch, of: &RowsOf, named_by: Column, row: u32, record: Record) -> Record {
    let cell = |column: &Column| match *column == named_by {
        true => of.name_of_row(row),
        false => batch.columns.cell(&record.cells, *column).to_owned(),
    };
    Record { row, cells: of.columns.order().iter().map(cell).collect() }
}

fn to_page(batch: i64) -> Response {
    Redirect::to(&format!("/admin/batches/{batch}")).into_response()
}

/// Does it if the proof is right.
async fn once_confirmed(
    acting: &Acting,
    proof: &Proof,
    batch: Batch,
    act: impl Future<Output = Result<(), BatchError>>,
) -> Result<Response, AppError> {
    if let Err(failed) = acting.confirm(proof).await? {
        let unconfirmed = Refusal { reason: None, unconfirmed: Some(failed.to_string()) };
        return show_batch(&acting.state, &acting.operator, batch, Leafing::default(), unconfirmed).await;
    }
    answer(acting, batch, act.await).await
}

async fn answer(acting: &Acting, batch: Batch, done: Result<(), BatchError>) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(to_page(batch.id)),
        Err(BatchError::Store(error)) => Err(error.into()),
        Err(BatchError::Unknown) => Err(AppError::NotFound),
        Err(error) => refuse(acting, batch, sentence(&error)).await,
    }
}

/// The page as it is now, with the reason.
async fn refuse(Acting { state, operator, .. }: &Acting, batch: Batch, reason: String) -> Result<Response, AppError> {
    let batch = find(state, batch.id).await?;
    show_batch(state, operator, batch, Leafing::default(), Refusal { reason: Some(reason), unconfirmed: None }).await
}

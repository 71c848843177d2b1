//! ACT: batches as pages, events and results.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use futures::stream;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::office::Tab,
    domain::{
        batch::{Batch, BatchKind, BatchRow, BatchState, Columns, RowState},
        people::operator::Operator,
    },
    error::AppError,
    pages::admin::batches::{
        batch::{BatchPage, progress_event},
        batch_view::{BatchView, Moments},
        list::BatchesPage,
    },
    server::{
        admin::{live, office::Office},
        http::input::Number,
        reports::export::{Cell, Ending, Export},
        running::calendar,
        state::AppState,
        store::{Beside, StoreError},
    },
};

const RUNS_ON_A_PAGE: u32 = 50;
const ROWS_ON_A_PAGE: u32 = 100;
/// Rows of a result that are read at a time.
const ROWS_AT_ONCE: u32 = 500;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Older {
    before: Option<String>,
}

/// Which rows of a batch are shown.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Leafing {
    show: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

pub async fn list(
    State(state): State<AppState>,
    operator: Operator,
    older: Result<Query<Older>, QueryRejection>,
) -> Result<Response, AppError> {
    let Query(older) = older.map_err(|_| AppError::BadRequest)?;
    let before = older.before.map(|text| text.parse().map_err(|_| AppError::BadRequest)).transpose()?;
    show_list(&state, &operator, before, None).await
}

/// The list, and why a file was not taken.
pub async fn show_list(
    state: &AppState,
    operator: &Operator,
    before: Option<i64>,
    error: Option<String>,
) -> Result<Response, AppError> {
    let mut batches = state.store.batches(before, RUNS_ON_A_PAGE + 1).await?;
    let older = (batches.len() > RUNS_ON_A_PAGE as usize).then(|| batches.pop()).and_then(|_| batches.last().map(|batch| batch.id));
    let office = Office::titled("Batches").under(Tab::Batches).refused_if(error.is_some());
    let zone = &state.config.time_zone;
    let dated = |batch: Batch| {
        let uploaded_at = calendar::written(batch.uploaded_at, zone);
        (batch, uploaded_at)
    };
    let (me, batches) = (operator.clone(), batches.into_iter().map(dated).collect::<Vec<_>>());
    let content = move || view! { <BatchesPage batches=batches older=older operator=me error=error/> };
    Ok(office.show(state, operator, content))
}

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    Number(id): Number,
    leafing: Result<Query<Leafing>, QueryRejection>,
) -> Result<Response, AppError> {
    let Query(leafing) = leafing.map_err(|_| AppError::BadRequest)?;
    let batch = find(&state, id).await?;
    show_batch(&state, &operator, batch, leafing, Refusal::default()).await
}

/// Why nothing was done, and what is wrong with the confirmation.
#[derive(Debug, Default)]
pub struct Refusal {
    pub reason: Option<String>,
    pub unconfirmed: Option<String>,
}

pub async fn find(state: &AppState, id: i64) -> Result<Batch, AppError> {
    let batch = state.store.batch(id).await?;
    batch.filter(|batch| batch.state != BatchState::Reading).ok_or(AppError::NotFound)
}

pub async fn show_batch(
    state: &AppState,
    operator: &Operator,
    batch: Batch,
    leafing: Leafing,
    refusal: Refusal,
) -> Result<Response, AppError> {
    let unreadable = |_| AppError::BadRequest;
    let shown = leafing.show.map(|name| RowState::from_name(&name).ok_or(AppError::BadRequest)).transpose()?;
    let beside = match (leafing.after, leafing.before) {
        (None, Some(row)) => Beside::Before(row.parse().map_err(unreadable)?),
        (row, _) => Beside::After(row.map_or(Ok(0), |row| row.parse().map_err(unreadable))?),
    };
    let Leaf { rows, previous, next } = leaf(state, batch.id, shown, beside).await?;
    let declined = state.store.batch_rows_to_try_again(batch.id, 0, 1).await?;
    let written = |at: i64| calendar::written(at, &state.config.time_zone);
    let acts = state.store.acts_about(&[format!("batch {}", batch.id)]).await?;
    let acts = acts.into_iter().map(|act| [written(act.at), act.operator, act.act, act.detail]);
    let refused = refusal.reason.is_some() || refusal.unconfirmed.is_some();
    let runs = batch.state.runs();
    let view = BatchView {
        totals: state.store.batch_totals(batch.id).await?,
        counts: state.store.batch_counts(batch.id).await?,
        would_wait: state.store.batch_would_wait(batch.id, operator.id, &state.config.approval_above, state.now()).await?,
        may_try_again: !declined.is_empty(),
        acts: acts.collect(),
        rows,
        shown,
        previous,
        next,
        operator: operator.clone(),
        moments: Moments {
            uploaded: written(batch.uploaded_at),
            started: batch.started_at.map(written),
            approved: batch.approved_at.map(written),
            ended: batch.ended_at.map(written),
        },
        refusal: refusal.reason,
        unconfirmed: refusal.unconfirmed,
        batch,
    };
    let mut office = Office::titled(format!("Batch {}", view.batch.id)).under(Tab::Batches);
    if refused {
        office = office.refused();
    } else if runs {
        office = office.refreshed_without_scripts();
    }
    Ok(office.show(state, operator, move || view! { <BatchPage view=view/> }))
}

struct Leaf {
    rows: Vec<BatchRow>,
    previous: Option<u32>,
    next: Option<u32>,
}

/// One more row than is shown tells whether there are further ones.
async fn leaf(state: &AppState, batch: i64, shown: Option<RowState>, beside: Beside) -> Result<Leaf, StoreError> {
    let mut rows = state.store.batch_rows(batch, shown, beside, ROWS_ON_A_PAGE + 1).await?;
    let more = rows.len() > ROWS_ON_A_PAGE as usize;
    let (has_previous, has_next) = match beside {
        Beside::After(row) => (row > 0, more),
        Beside::Before(_) => (more, true),
    };
    match beside {
        Beside::After(_) => rows.truncate(ROWS_ON_A_PAGE as usize),
        Beside::Before(_) if more => drop(rows.remove(0)),
        Beside::Before(_) => {}
    }
    let ends = |row: Option<&BatchRow>| row.map(|row| row.position);
    let (first, last) = (ends(rows.first()), ends(rows.last()));
    Ok(Leaf { rows, previous: first.filter(|_| has_previous), next: last.filter(|_| has_next) })
}

/// An empty file with every column.
pub async fn refund_template(State(state): State<AppState>) -> Response {
    template(&state, BatchKind::Refund)
}

pub async fn payout_template(State(state): State<AppState>) -> Response {
    template(&state, BatchKind::Payout)
}

fn template(state: &AppState, kind: BatchKind) -> Response {
    let columns = Columns::all(kind).names();
    Export::new(kind.plural(), &columns, &state.config.time_zone).send(Ending::Csv, stream::empty())
}

/// The file's columns, and what became of each row.
pub async fn result(State(state): State<AppState>, Number(id): Number) -> Result<Response, AppError> {
    let batch = find(&state, id).await?;
    let mut columns = batch.columns.names();
    columns.extend(["result.status", "result.code", "result.message", "result.operation_id", "result.name"]);
    let export = Export::new(format!("batch-{}-result", batch.id), &columns, &state.config.time_zone);
    let rows = stream::try_unfold((state, batch, 0), |(state, batch, after)| async move {
        let rows = state.store.batch_rows(batch.id, None, Beside::After(after), ROWS_AT_ONCE).await?;
        let Some(last) = rows.last().map(|row| row.position) else { return Ok(None) };
        let lines: Vec<Vec<Cell>> = rows.into_iter().map(|row| line(&batch, row)).collect();
        Ok(Some((lines, (state, batch, last))))
    });
    Ok(export.send(Ending::Csv, rows))
}

fn line(batch: &Batch, row: BatchRow) -> Vec<Cell> {
    let told = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let message = batch.message(&row);
    let mut line: Vec<Cell> = row.cells.into_iter().map(Cell::Text).collect();
    line.extend([
        Cell::Text(row.state.name().to_owned()),
        told(row.code),
        Cell::Text(message),
        told(row.operation_id),
        told(row.name),
    ]);
    line
}

/// The progress of the batch, at once and at every step.
pub async fn events(State(state): State<AppState>, watcher: live::PageWatcher, Number(id): Number) -> Result<Response, AppError> {
    let batch = find(&state, id).await?;
    Ok(watcher.follow(move || {
        let state = state.clone();
        async move { Ok(told_now(&state, batch.id).await?.map(live::News::Now)) }
    }))
}

async fn told_now(state: &AppState, id: i64) -> Result<Option<String>, StoreError> {
    let Some(batch) = state.store.batch(id).await? else { return Ok(None) };
    let counts = state.store.batch_counts(id).await?;
    Ok(Some(progress_event(&batch, &counts)))
}

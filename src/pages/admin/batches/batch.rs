//! `/admin/batches/{id}`: what a batch would do, who approved it, how far it is, and what became of each row.

use leptos::prelude::*;

use super::{
    batch_view::{BatchView, Moments},
    state_mark::{batch_mark, count_of, ended_in_words, row_mark},
    steps::NextStep,
};
use crate::{
    components::{
        office::{Facts, Paging, Section, Table, cells, id, next, number, previous, prose, text},
        price::{counted, in_english},
    },
    domain::batch::{Batch, BatchKind, BatchRow, Column, RowState},
    islands::order_watch::OrderWatch,
};

/// What the event stream and the page tell of a batch: the page is loaded again when they differ.
/// A long batch is told in steps of a twentieth.
pub fn progress_event(batch: &Batch, counts: &[(RowState, u32)]) -> String {
    let ended = count_of(counts, RowState::has_ended);
    let told = if batch.rows > 40 { ended.saturating_mul(20) / batch.rows } else { ended };
    format!("{{\"status\":\"{}\",\"ended\":{told}}}", batch.state.name())
}

#[component]
pub fn BatchPage(view: BatchView) -> impl IntoView {
    let BatchView { batch, totals, counts, rows, shown, previous: before, next: after, acts, moments, .. } = view.clone();
    let event = progress_event(&batch, &counts);
    let ended = count_of(&counts, RowState::has_ended);
    let progress = format!("Rows that have ended: {}", ended_in_words(batch.rows, &counts));
    let is_live = batch.state.runs();
    // A page of the list, or a part of it, stands still while somebody reads it.
    let watches = is_live && shown.is_none() && before.is_none();
    let id = batch.id;
    let (facts, rows) = (facts(&batch, moments), rows_table(&batch, rows));
    let totals = totals.into_iter().map(|(sum, rows)| cells![sum.currency().code(), rows, in_english(sum)]);
    let before = before.map(|row| page_of_rows(id, shown, "before", row));
    let after = after.map(|row| page_of_rows(id, shown, "after", row));
    view! {
        <p><a href="/admin/batches">"All batches"</a></p>
        <h1>{format!("Batch {id}: {}", batch.file_name)}</h1>
        <section class="batch" data-batch-state=batch.state.name() data-event=event aria-label="State of the batch">
            <p class="lead">{batch_mark(&batch, Some(&counts))}</p>
            {(is_live || batch.started_at.is_some() && ended > batch.refused).then(|| view! {
                <p>
                    <label for="progress">{progress}</label>
                    <progress id="progress" max=batch.rows value=ended></progress>
                </p>
            })}
            {watches.then(|| view! { <OrderWatch/> })}
        </section>
        <NextStep view=view/>
        <Section id="totals" title="Totals">
            <Table label="Sums by currency" columns=[text("Currency").naming_rows(), number("Rows"), number("Sum")] rows=totals.collect() none="No row can be sent."/>
            {facts}
        </Section>
        <Section id="rows" title="Rows">
            <Filter id=id counts=counts all=batch.rows shown=shown/>
            {rows}
            <Paging label="More rows" links=[previous("Previous rows", before), next("Next rows", after)]/>
            <p><a href=format!("/admin/batches/{id}/result.csv")>"Result as CSV"</a></p>
        </Section>
        <Section id="acts" title="Who did what">
            <ul class="acts">
                {acts.into_iter().map(|[at, who, act, detail]| view! { <li>{at}" · "{who}" · "{act}" · "{detail}</li> }).collect_view()}
            </ul>
        </Section>
    }
}

/// The page of rows that begins before or after this one.
fn page_of_rows(id: i64, shown: Option<RowState>, key: &str, row: u32) -> String {
    let show = shown.map(|state| format!("show={}&", state.name())).unwrap_or_default();
    format!("/admin/batches/{id}?{show}{key}={row}")
}

fn facts(batch: &Batch, moments: Moments) -> impl IntoView + use<> {
    let Moments { uploaded, started, approved, ended } = moments;
    let by = |who: &str, at: String| format!("{who}, {at}");
    let (kind, kinds) = (batch.kind().name(), batch.kind().plural());
    let rows = counted(batch.rows.into(), kind, kinds);
    let holds = match batch.refused {
        0 => rows,
        refused if refused == batch.rows => format!("{rows}, refused when checked"),
        refused => format!("{rows}, {refused} of them refused when checked"),
    };
    let facts = [
        ("Holds", Some(holds)),
        ("Uploaded", Some(by(&batch.uploaded_by.1, uploaded))),
        ("Started", started),
        ("Approved", batch.approved_by.as_deref().zip(approved).map(|(who, at)| by(who, at))),
        ("Ended", ended),
    ];
    let known = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let again = batch.again_of.map(|source| {
        view! { <div><dt>"Tries again"</dt><dd><a href=format!("/admin/batches/{source}")>{format!("declined rows of batch {source}")}</a></dd></div> }
    });
    let known: Vec<_> = known.collect();
    view! { <Facts known=known>{again}</Facts> }
}

#[component]
fn Filter(id: i64, counts: Vec<(RowState, u32)>, all: u32, shown: Option<RowState>) -> impl IntoView {
    let link = |state: Option<RowState>, count: u32| {
        let (address, name) = match state {
            Some(state) => (format!("/admin/batches/{id}?show={}", state.name()), state.name()),
            None => (format!("/admin/batches/{id}"), "all"),
        };
        view! { <li><a href=address aria-current=(state == shown).then_some("true")>{format!("{name}: {count}")}</a></li> }
    };
    let states = RowState::ALL.into_iter().filter_map(|state| counts.iter().find(|(known, _)| *known == state));
    let links: Vec<_> = states.map(|(state, count)| link(Some(*state), *count)).collect();
    view! { <nav aria-label="Rows by state"><ul class="row-filter">{link(None, all)}{links}</ul></nav> }
}

fn rows_table(batch: &Batch, rows: Vec<BatchRow>) -> impl IntoView + use<> {
    let row = number("Row").naming_rows();
    let columns = match batch.kind() {
        BatchKind::Refund => {
            vec![row, id("Payment"), prose("Why"), number("Sum"), number("Then left"), text("State"), prose("What it means")]
        }
        BatchKind::Payout => vec![row, id("Customer"), prose("To"), number("Sum"), text("State"), prose("What it means")],
    };
    let rows = rows.iter().map(|row| {
        let cell = |column| batch.cell(row, column).to_owned();
        let (whom, what) = match batch.kind() {
            BatchKind::Refund => (cell(Column::PaymentId), cell(Column::Description)),
            BatchKind::Payout => (cell(Column::CustomerId), format!("{}, {}", cell(Column::Account), cell(Column::FullName))),
        };
        let sum = row.amount.or_else(|| batch.typed_sum(row)).map_or_else(|| as_typed(batch, row), in_english);
        let left = row.left.map(in_english);
        let meaning =
            format!("{}{}", batch.message(row), row.code.as_ref().map(|code| format!(" (code {code})")).unwrap_or_default());
        let state = row_mark(row.state);
        let cells = match batch.kind() {
            BatchKind::Refund => cells![row.position, whom, what, sum, left, state, meaning],
            BatchKind::Payout => cells![row.position, whom, what, sum, state, meaning],
        };
        cells.marked("data-row", row.position)
    });
    view! { <Table label="Rows of the file" columns=columns rows=rows.collect() none="There are none."/> }
}

/// What the file says where it holds no sum that can be read.
fn as_typed(batch: &Batch, row: &BatchRow) -> String {
    let written = format!("{} {}", batch.cell(row, Column::Amount), batch.cell(row, Column::Currency));
    match written.trim() {
        "" => String::new(),
        written => format!("as typed: “{written}”"),
    }
}

//! `/admin/batches/{id}`: what a file would do, who lets it, how far it is, and what became of each row.

use leptos::prelude::*;

use super::{
    batch_view::{BatchView, Moments},
    list::state_mark,
    steps::NextStep,
};
use crate::{
    components::price::in_words,
    domain::batch::{Batch, BatchKind, BatchRow, Column, RowState},
    i18n::Locale,
    islands::order_watch::OrderWatch,
};

/// What the stream of events and the page tell of a run: it is loaded again when they differ.
/// A long run is told in steps of a twentieth.
pub fn progress_event(batch: &Batch, counts: &[(RowState, u32)]) -> String {
    let ended = ended(counts);
    let told = if batch.rows > 40 { ended.saturating_mul(20) / batch.rows } else { ended };
    format!("{{\"status\":\"{}\",\"ended\":{told}}}", batch.state.name())
}

fn ended(counts: &[(RowState, u32)]) -> u32 {
    counts.iter().filter(|(state, _)| state.has_ended()).map(|(_, count)| *count).sum()
}

#[component]
pub fn BatchPage(view: BatchView) -> impl IntoView {
    let BatchView { batch, totals, counts, rows, shown, previous, next, acts, moments, .. } = view.clone();
    let event = progress_event(&batch, &counts);
    let ended = ended(&counts);
    let is_live = batch.state.runs();
    // A list that somebody leafs through is not taken from under their hands.
    let watches = is_live && shown.is_none() && previous.is_none();
    let id = batch.id;
    view! {
        <p><a href="/admin/batches">"All runs"</a></p>
        <h1>{format!("Run {id}: {}", batch.file_name)}</h1>
        <section class="batch" data-batch-state=batch.state.name() data-event=event aria-label="State of the run">
            <p class="lead">{state_mark(batch.state.name())}</p>
            {(is_live || batch.started_at.is_some() && ended > batch.refused).then(|| view! {
                <p>
                    <label for="progress">{format!("{ended} of {} rows have their end", batch.rows)}</label>
                    <progress id="progress" max=batch.rows value=ended></progress>
                </p>
            })}
            {watches.then(|| view! { <OrderWatch/> })}
        </section>
        <NextStep view=view/>
        <section aria-labelledby="totals">
            <h2 id="totals">"What it comes to"</h2>
            {match totals.is_empty() {
                true => view! { <p>"No row of it can be run."</p> }.into_any(),
                false => view! {
                    <div class="table-region" tabindex="0" role="region" aria-label="Sums by currency">
                        <table>
                            <thead><tr>
                                <th scope="col">"Currency"</th><th scope="col" class="number">"Rows"</th><th scope="col" class="number">"Sum"</th>
                            </tr></thead>
                            <tbody>{totals.into_iter().map(|(sum, rows)| view! {
                                <tr>
                                    <th scope="row">{sum.currency().code()}</th>
                                    <td class="number">{rows}</td>
                                    <td class="number">{in_words(sum, Locale::en)}</td>
                                </tr>
                            }).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
            {facts(&batch, moments)}
        </section>
        <section aria-labelledby="rows">
            <h2 id="rows">"Rows"</h2>
            <Filter id=id counts=counts all=batch.rows shown=shown/>
            {rows_table(&batch, rows)}
            <Leaf id=id shown=shown previous=previous next=next/>
            <p><a href=format!("/admin/batches/{id}/result.csv")>"Result as CSV"</a></p>
        </section>
        <section aria-labelledby="acts">
            <h2 id="acts">"Who did what"</h2>
            <ul class="acts">
                {acts.into_iter().map(|[at, who, act, detail]| view! { <li>{at}" · "{who}" · "{act}" · "{detail}</li> }).collect_view()}
            </ul>
        </section>
    }
}

fn facts(batch: &Batch, moments: Moments) -> impl IntoView + use<> {
    let Moments { uploaded, started, approved, ended } = moments;
    let by = |who: &str, at: String| format!("{who}, {at}");
    let rows = if batch.rows == 1 { "1 row".to_owned() } else { format!("{} rows", batch.rows) };
    let checked = match batch.refused {
        0 => rows,
        refused => format!("{rows}, {refused} refused when they were checked"),
    };
    let facts = [
        ("Of", Some(format!("{}, {checked}", batch.kind().plural()))),
        ("Uploaded", Some(by(&batch.uploaded_by.1, uploaded))),
        ("Started", started),
        ("Approved", batch.approved_by.as_deref().zip(approved).map(|(who, at)| by(who, at))),
        ("Ended", ended),
    ];
    let known = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let again = batch.again_of.map(|source| {
        view! { <div><dt>"Tries again"</dt><dd><a href=format!("/admin/batches/{source}")>{format!("declined rows of run {source}")}</a></dd></div> }
    });
    view! {
        <dl class="facts">
            {known.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}
            {again}
        </dl>
    }
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

fn rows_table(batch: &Batch, rows: Vec<BatchRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"There are none."</p> }.into_any();
    }
    let heads = match batch.kind() {
        BatchKind::Refund => ["Payment", "Why"],
        BatchKind::Payout => ["Customer", "To"],
    };
    let rows = rows.iter().map(|row| {
        let cell = |column| batch.cell(row, column).to_owned();
        let (whom, what) = match batch.kind() {
            BatchKind::Refund => (cell(Column::PaymentId), cell(Column::Description)),
            BatchKind::Payout => (cell(Column::CustomerId), format!("{}, {}", cell(Column::Account), cell(Column::FullName))),
        };
        let sum = row.amount.map_or_else(|| as_written(batch, row), |sum| in_words(sum, Locale::en));
        let left = row.left.map(|left| in_words(left, Locale::en));
        view! {
            <tr data-row=row.position>
                <th scope="row" class="number">{row.position}</th>
                <td>{whom}</td>
                <td class="prose">{what}</td>
                <td class="number">{sum}</td>
                {(batch.kind() == BatchKind::Refund).then(|| view! { <td class="number">{left}</td> })}
                <td>{state_mark(row.state.name())}</td>
                <td class="prose">{batch.message(row)}{row.code.as_ref().map(|code| format!(" (code {code})"))}</td>
            </tr>
        }
    });
    view! {
        <div class="table-region" tabindex="0" role="region" aria-label="Rows of the file">
            <table>
                <thead><tr>
                    <th scope="col" class="number">"Row"</th>
                    {heads.map(|head| view! { <th scope="col">{head}</th> })}
                    <th scope="col" class="number">"Sum"</th>
                    {(batch.kind() == BatchKind::Refund).then(|| view! { <th scope="col" class="number">"Then left"</th> })}
                    <th scope="col">"State"</th>
                    <th scope="col">"What it means"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What the file says of a sum that is none.
fn as_written(batch: &Batch, row: &BatchRow) -> String {
    let written = format!("{} {}", batch.cell(row, Column::Amount), batch.cell(row, Column::Currency));
    match written.trim() {
        "" => String::new(),
        written => format!("“{written}”"),
    }
}

#[component]
fn Leaf(id: i64, shown: Option<RowState>, previous: Option<u32>, next: Option<u32>) -> impl IntoView {
    let address = |key: &str, row: u32| {
        let show = shown.map(|state| format!("show={}&", state.name())).unwrap_or_default();
        format!("/admin/batches/{id}?{show}{key}={row}")
    };
    let previous = previous.map(|row| view! { <li><a href=address("before", row)>"Previous rows"</a></li> });
    let next = next.map(|row| view! { <li><a href=address("after", row)>"Next rows"</a></li> });
    (previous.is_some() || next.is_some())
        .then(|| view! { <nav aria-label="More rows"><ul class="row-filter">{previous}{next}</ul></nav> })
}

//! `/admin/batches`: files of refunds and payouts, newest first, and the form that uploads another one.

use leptos::prelude::*;

use super::state_mark::batch_mark;
use crate::{
    components::office::{Paging, Section, Table, cells, next, number, prose, text},
    domain::{
        batch::{Batch, BatchKind, Columns},
        people::operator::{Operator, Permission},
    },
};

#[component]
pub fn BatchesPage(
    /// Each with the moment it was uploaded.
    batches: Vec<(Batch, String)>,
    /// The number of the last batch shown, if there are older ones.
    older: Option<i64>,
    operator: Operator,
    /// Why a file was not taken.
    error: Option<String>,
) -> impl IntoView {
    let rows = batches.into_iter().map(|(batch, uploaded_at)| {
        let address = format!("/admin/batches/{}", batch.id);
        let link = view! { <a href=address>{batch.id}</a> };
        let (kind, state) = (batch.kind().plural(), batch_mark(&batch, None));
        cells![link, kind, batch.file_name, state, batch.rows, batch.uploaded_by.1, uploaded_at]
    });
    let columns = [
        text("Batch").naming_rows(),
        text("Kind"),
        prose("File"),
        text("State"),
        number("Rows"),
        text("Uploaded by"),
        text("Uploaded"),
    ];
    let older = older.map(|last| format!("/admin/batches?before={last}"));
    view! {
        <h1>"Batches"</h1>
        <p class="lead">"Many refunds or payouts from one file. A file is checked first, row by row; nothing is sent before it is started."</p>
        {operator.role.may(Permission::MoveMoney).then(|| view! { <Upload error=error/> })}
        <Section id="batches" title="Batches">
            <Table label="All batches" columns=columns rows=rows.collect() none="There is none yet."/>
            <Paging links=[next("Older batches", older)]/>
        </Section>
    }
}

#[component]
fn Upload(error: Option<String>) -> impl IntoView {
    let described = if error.is_some() { "file-error file-hint" } else { "file-hint" };
    view! {
        <Section id="upload" title="Upload a file">
            <form method="post" action="/admin/batches" enctype="multipart/form-data" class="narrow">
                <div class="field">
                    <label for="file">"File"</label>
                    <input id="file" type="file" name="file" accept=".csv,text/csv" required=true aria-describedby=described
                        aria-invalid=error.as_ref().map(|_| "true") autofocus=error.is_some()/>
                    <p class="hint" id="file-hint">"CSV in UTF-8 with commas or semicolons, at most 100,000 rows and 64 MiB"</p>
                    {error.map(|error| view! { <p class="error" id="file-error" role="alert">{error}</p> })}
                </div>
                <button>"Upload and check"</button>
            </form>
            <details>
                <summary>"What a file holds"</summary>
                <p>
                    "Its first row names the columns; each other row is one refund or payout. Amounts are whole minor units: 1250 is 12.50 EUR, \
                     and 1250 KRW. Separators, fractions, signs and spaces are refused. A file that repeats an earlier one is refused, even \
                     if it is written differently; so is a row that repeats an earlier one, unless their names differ."
                </p>
                {BatchKind::ALL.map(template)}
            </details>
        </Section>
    }
}

fn template(kind: BatchKind) -> impl IntoView {
    let all = Columns::all(kind);
    let columns = all.order().iter().map(|column| {
        let needed = if column.is_required(kind) { " (needed): " } else { ": " };
        view! { <li><code>{column.name()}</code>{needed}{column.meaning(kind)}</li> }
    });
    let plural = kind.plural();
    view! {
        <h3>{if kind == BatchKind::Refund { "Refunds" } else { "Payouts" }}</h3>
        <ul class="columns-of-file">{columns.collect_view()}</ul>
        <p><a href=format!("/admin/batches/template-{plural}.csv")>{format!("Template for {plural}")}</a></p>
    }
}

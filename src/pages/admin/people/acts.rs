//! `/admin/acts`: what operators did, newest first.

use leptos::prelude::*;

use crate::components::office::{Paging, Table, cells, id, next, prose, text};

/// An act, as a row shows it.
#[derive(Debug, Clone)]
pub struct ActRow {
    /// In the merchant's time zone.
    pub at: String,
    pub operator: String,
    pub act: String,
    pub subject: String,
    pub detail: String,
}

#[component]
pub fn ActsPage(
    rows: Vec<ActRow>,
    /// The number from which older ones go on.
    older: Option<i64>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| cells![row.at, row.operator, row.act, row.subject, row.detail]);
    let columns = [text("When"), id("Who"), text("Did"), id("To"), prose("Detail")];
    let older = older.map(|before| format!("/admin/acts?before={before}"));
    view! {
        <h1>"What operators did"</h1>
        <p class="lead">"Nothing here is ever changed or removed. "<a href="/admin/operators">"Operators"</a></p>
        <Table label="Acts" columns=columns rows=rows.collect() none="Nothing yet."/>
        <Paging links=[next("Older", older)]/>
    }
}

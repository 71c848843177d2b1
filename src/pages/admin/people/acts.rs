//! `/admin/acts`: what operators did, newest first.

use leptos::prelude::*;

use crate::components::office::{Paging, Table, next, text};

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
    let rows = rows.into_iter().map(|row| {
        view! {
            <tr>
                <td class="moment">{row.at}</td>
                <td>{row.operator}</td>
                <td>{row.act}</td>
                <td>{row.subject}</td>
                <td class="prose">{row.detail}</td>
            </tr>
        }
    });
    let heads = [text("When"), text("Who"), text("Did"), text("To"), text("Detail")];
    let older = older.map(|before| format!("/admin/acts?before={before}"));
    view! {
        <h1>"What operators did"</h1>
        <p class="lead">"Nothing here is ever changed or removed. "<a href="/admin/operators">"Operators"</a></p>
        <Table label="Acts" heads=heads rows=rows.collect() none="Nothing yet."/>
        <Paging links=[next("Older", older)]/>
    }
}

//! `/admin/acts`: what operators did, newest first.

use leptos::prelude::*;

/// An act as its row tells it.
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
    /// Where older ones begin.
    older: Option<i64>,
) -> impl IntoView {
    let is_empty = rows.is_empty();
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
    view! {
        <h1>"What operators did"</h1>
        <p class="lead">"Nothing here is ever changed or removed. "<a href="/admin/operators">"Operators"</a></p>
        {match is_empty {
            true => view! { <p>"Nothing yet."</p> }.into_any(),
            false => view! {
                <div class="table-region" role="region" aria-label="Acts" tabindex="0">
                    <table>
                        <thead><tr><th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"Did"</th><th scope="col">"To"</th><th scope="col">"Detail"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            }.into_any(),
        }}
        {older.map(|before| view! { <p><a href=format!("/admin/acts?before={before}")>"Older"</a></p> })}
    }
}

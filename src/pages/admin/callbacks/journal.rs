//! `/admin/callbacks`: what waits for a person, what the platform told, and who knocked in vain.

use leptos::prelude::*;

use super::{
    case_view::{CaseProblem, CaseView},
    cases::CasesSection,
};
use crate::pages::admin::orders::{refund_form::RefundForms, timeline::CallbackEntry};
use crate::{
    components::{
        moments::Moments,
        office::{OfficeField, Refused},
    },
    domain::orders::history::{Callback, Source},
};

/// A filter as it was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedCallbackFilter {
    pub q: String,
    pub verdict: String,
    pub source: String,
    pub from: String,
    pub to: String,
}

/// What of it cannot be read.
#[derive(Debug, Clone, Default)]
pub struct CallbackFilterProblems {
    pub q: Option<String>,
    pub source: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub after: Option<String>,
}

/// All cases that are shown, and what was typed into one of them.
#[derive(Debug, Clone)]
pub struct Cases {
    pub shown: Vec<CaseView>,
    pub count: u32,
    pub problem: Option<(i64, CaseProblem)>,
    pub forms: RefundForms,
    pub may_decide: bool,
}

/// The same bytes, refused for the same reason.
#[derive(Debug, Clone)]
pub struct RefusedLine {
    pub reason: String,
    pub size: u32,
    pub count: i64,
    pub first: String,
    pub last: String,
}

/// A page of the journal.
#[derive(Debug, Clone, Default)]
pub struct JournalPage {
    pub typed: TypedCallbackFilter,
    pub problems: CallbackFilterProblems,
    /// Every verdict there is.
    pub verdicts: Vec<String>,
    /// With the number of the order each is about.
    pub callbacks: Vec<(Callback, Option<String>)>,
    /// The addresses of the rest, and of the newest.
    pub older: Option<String>,
    pub newest: Option<String>,
}

#[component]
pub fn CallbacksPage(
    told: Option<&'static str>,
    /// Why a decision could not be taken, where its case is not shown any more.
    refused: Option<String>,
    cases: Cases,
    journal: JournalPage,
    refused_callbacks: Vec<RefusedLine>,
    may_ask: bool,
    moments: Moments,
) -> impl IntoView {
    let Cases { shown, count, problem, forms, may_decide } = cases;
    view! {
        <h1>"Callbacks"</h1>
        {told.map(|told| view! { <p class="told" role="status">{told}</p> })}
        {refused.map(|why| view! { <Refused reason=why/> })}
        <CasesSection cases=shown count=count problem=problem forms=forms may_decide=may_decide moments=moments.clone()/>
        {draw_journal(journal, may_ask, moments)}
        {draw_refused(refused_callbacks)}
    }
}

fn draw_journal(journal: JournalPage, may_ask: bool, moments: Moments) -> impl IntoView {
    let JournalPage { typed, problems, verdicts, callbacks, older, newest } = journal;
    let choice = |name: String, chosen: bool| view! { <option value=name.clone() selected=chosen>{name.clone()}</option> };
    let verdicts = verdicts.into_iter().map(|verdict| {
        let chosen = verdict == typed.verdict;
        choice(verdict, chosen)
    });
    let verdicts = verdicts.collect_view();
    let sources = [Source::Callback, Source::Status].map(|source| choice(source.name().to_owned(), source.name() == typed.source));
    let is_empty = callbacks.is_empty();
    let lines = callbacks.into_iter().map(|(callback, number)| {
        let order = number.map(|number| view! { <p><a href=format!("/admin/orders/{number}")>"Order "{number.clone()}</a></p> });
        view! {
            <li>
                <p class="moment">{moments.written(callback.received_at)}</p>
                <div><CallbackEntry callback=callback moments=moments.clone() may_ask=may_ask back=None/>{order}</div>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section aria-labelledby="journal">
            <h2 id="journal">"What the platform told"</h2>
            <form method="get" action="/admin/callbacks" class="filter" role="search" aria-label="Callbacks">
                <OfficeField name="q" label="Payment id, or how it begins" value=typed.q error=problems.q.or(problems.after)/>
                <div class="field">
                    <label for="verdict">"Verdict"</label>
                    <select id="verdict" name="verdict"><option value="">"any"</option>{verdicts}</select>
                </div>
                <div class="field">
                    <label for="source">"Source"</label>
                    <select id="source" name="source"><option value="">"any"</option>{sources.collect_view()}</select>
                    {problems.source.map(|why| view! { <p class="error">{why}</p> })}
                </div>
                <OfficeField name="from" label="From" kind="date" value=typed.from error=problems.from/>
                <OfficeField name="to" label="To" kind="date" value=typed.to error=problems.to/>
                <div class="filter-send"><button>"Show"</button></div>
            </form>
            {is_empty.then(|| view! { <p>"Nothing is here."</p> })}
            <ol class="timeline">{lines}</ol>
            <nav class="pager" aria-label="Pages">
                {newest.map(|address| view! { <a href=address>"Newest"</a> })}
                {older.map(|address| view! { <a href=address>"Older"</a> })}
            </nav>
        </section>
    }
}

fn draw_refused(refused: Vec<RefusedLine>) -> impl IntoView {
    let is_empty = refused.is_empty();
    let rows = refused.into_iter().map(|RefusedLine { reason, size, count, first, last }| {
        let named = reason.clone();
        view! {
            <tr data-refused=named>
                <td>{last}</td>
                <th scope="row"><code>{reason}</code></th>
                <td class="number">{size}</td>
                <td class="number">{count}</td>
                <td>{first}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section aria-labelledby="refused">
            <h2 id="refused">"Refused"</h2>
            <p class="hint">"What did not verify. It changed nothing, and nothing of it is kept: whoever sent it may be anyone."</p>
            {match is_empty {
                true => view! { <p>"Nothing was refused."</p> }.into_any(),
                false => view! {
                    <div class="table-region" role="region" aria-label="Table of refused callbacks" tabindex="0">
                        <table>
                            <thead><tr><th scope="col">"Last"</th><th scope="col">"Reason"</th><th scope="col" class="number">"Bytes"</th><th scope="col" class="number">"Times"</th><th scope="col">"First"</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
        </section>
    }
}

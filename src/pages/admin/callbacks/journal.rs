//! `/admin/callbacks`: the cases that wait for a person, the journal of callbacks, and the refused ones without their bodies.

use leptos::prelude::*;

use super::{
    case_view::{CaseProblem, CaseView},
    cases::CasesSection,
};
use crate::pages::admin::orders::{refund_form::RefundForms, timeline::CallbackEntry};
use crate::{
    components::{
        moments::Moments,
        office::{Filter, OfficeField, OfficeSelect, Paging, Refused, Section, Table, Told, cells, first, next, number, text},
    },
    domain::{
        orders::history::{Callback, Source},
        text::fields::Fields,
    },
};

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
    /// The filter, as it was typed.
    pub fields: Fields,
    /// Every verdict there is.
    pub verdicts: Vec<String>,
    /// Each with the number of the order it is about.
    pub callbacks: Vec<(Callback, Option<String>)>,
    /// The addresses of the next page, and of the first where this is another one.
    pub older: Option<String>,
    pub newest: Option<String>,
}

#[component]
pub fn CallbacksPage(
    told: Option<String>,
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
        <Told words=told/>
        <Refused reason=refused/>
        <CasesSection cases=shown count=count problem=problem forms=forms may_decide=may_decide moments=moments.clone()/>
        {draw_journal(journal, may_ask, moments)}
        {draw_refused(refused_callbacks)}
    }
}

fn draw_journal(journal: JournalPage, may_ask: bool, moments: Moments) -> impl IntoView {
    let JournalPage { fields, verdicts, callbacks, older, newest } = journal;
    let verdicts: Vec<_> = verdicts.into_iter().map(|verdict| (verdict.clone(), verdict)).collect();
    let sources = [Source::Callback, Source::Status].map(|source| (source.name(), source.name()));
    let (is_empty, others) = (callbacks.is_empty(), fields.others_in_words());
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
        <Section id="journal" title="What the platform told">
            <Refused reason=others/>
            <Filter action="/admin/callbacks" label="Callbacks">
                <OfficeField name="q" label="Payment id, or how it begins" value=fields.value("q") error=fields.problem("q")/>
                <OfficeSelect name="verdict" label="Verdict" none="any" options=verdicts chosen=fields.value("verdict")/>
                <OfficeSelect name="source" label="Source" none="any" options=sources chosen=fields.value("source") error=fields.problem("source")/>
                <OfficeField name="from" label="From" kind="date" value=fields.value("from") error=fields.problem("from")/>
                <OfficeField name="to" label="To" kind="date" value=fields.value("to") error=fields.problem("to")/>
            </Filter>
            {is_empty.then(|| view! { <p>"Nothing is here."</p> })}
            <ol class="timeline">{lines}</ol>
            <Paging links=[first("Newest", newest), next("Older", older)]/>
        </Section>
    }
}

fn draw_refused(refused: Vec<RefusedLine>) -> impl IntoView {
    let rows = refused.into_iter().map(|RefusedLine { reason, size, count, first, last }| {
        let named = view! { <code>{reason.clone()}</code> };
        cells![last, named, size, count, first].marked("data-refused", reason)
    });
    let columns = [text("Last"), text("Reason").naming_rows(), number("Bytes"), number("Times"), text("First")];
    view! {
        <Section id="refused" title="Refused">
            <p class="hint">"What did not verify. It changed nothing, and its body was not kept: anybody may have sent it."</p>
            <Table label="Table of refused callbacks" columns=columns rows=rows.collect() none="Nothing was refused."/>
        </Section>
    }
}

//! `/admin/reconciliation`: what differs between the shop's books and the platform's register, and what to do.

use leptos::prelude::*;

use super::{
    comparison_view::{DaysForm, ReconciliationView, ShownComparison},
    differences::DifferenceList,
};
use crate::{
    components::{
        office::{Facts, OfficeField, Paging, Refused, Section, Table, cells, next, prose, text},
        price::counted,
    },
    domain::reconciliation::{Comparison, ComparisonOutcome},
    islands::order_watch::OrderWatch,
};

/// What the event stream tells of a comparison: it changes ten times while the register is read, and at the end.
pub fn comparison_event(run: &Comparison) -> String {
    let state = run.end.as_ref().map_or("under way", |end| end.outcome.name());
    format!("{} {state} {}", run.id, run.percent() / 10 * 10)
}

#[component]
pub fn ReconciliationPage(view: ReconciliationView, form: DaysForm) -> impl IntoView {
    let ReconciliationView { run, differences, next: after, earlier, event, may_act, told, time_zone } = view;
    let more = run.as_ref().zip(after).map(|(shown, after)| format!("/admin/reconciliation?run={}&after={after}", shown.run.id));
    view! {
        <h1>"Reconciliation"</h1>
        <p class="lead">"Compares the shop's own books with the platform's register of operations: what one side has, and the other lacks or states differently."</p>
        {told.map(|told| view! { <p class="notice" role="status">{told.words()}</p> })}
        {event.map(|event| view! { <div data-order="/admin/reconciliation" data-event=event><OrderWatch/></div> })}
        {match run {
            None => view! { <p>"Nothing was compared yet."</p> }.into_any(),
            Some(shown) => view! { <RunSummary shown=shown/> }.into_any(),
        }}
        {(!differences.is_empty()).then(|| view! {
            <DifferenceList differences=differences may_act=may_act/>
        })}
        <Paging links=[next("More differences", more)]/>
        {may_act.then(|| view! { <CompareForm form=form time_zone=time_zone/> })}
        {(!earlier.is_empty()).then(|| view! { <Earlier runs=earlier/> })}
    }
}

#[component]
fn RunSummary(shown: ShownComparison) -> impl IntoView {
    let ShownComparison { run, days, started_at, ended_at } = shown;
    let outcome = outcome(&run);
    let problem = run.end.as_ref().and_then(|end| end.problem.clone());
    let is_under_way = run.end.is_none();
    let begun = ("Begun", format!("{started_at} by {}", run.started_by));
    let known: Vec<_> = [begun].into_iter().chain(ended_at.map(|at| ("Ended", at))).collect();
    view! {
        <section aria-labelledby="run" data-run=run.id>
            <h2 id="run">"Comparison of "{days}</h2>
            <p class="outcome">{outcome}</p>
            {is_under_way.then(|| view! {
                <p>
                    <progress max=run.total.max(1).to_string() value=run.read.to_string() aria-label="Rows of the register that were read"></progress>
                    " "{run.read}" of "{run.total}" rows"
                </p>
            })}
            {problem.map(|problem| view! { <p class="error">{problem}</p> })}
            <Facts known=known/>
        </section>
    }
}

fn outcome(run: &Comparison) -> String {
    let open = run.found.saturating_sub(run.healed);
    match run.end.as_ref().map(|end| end.outcome) {
        None => "The register is being read.".to_owned(),
        Some(ComparisonOutcome::Agreed) => "Both sides agree.".to_owned(),
        Some(ComparisonOutcome::Differed) if open == 0 => {
            format!("All {} found are healed.", counted(run.found, "difference", "differences"))
        }
        Some(ComparisonOutcome::Differed) => {
            format!("{} found, {} healed.", counted(run.found, "difference", "differences"), run.healed)
        }
        Some(ComparisonOutcome::Failed) => "The register could not be read completely, so nobody knows what differs.".to_owned(),
        Some(ComparisonOutcome::BrokeOff) => "The shop was stopped before the comparison ended: compare again.".to_owned(),
    }
}

#[component]
fn CompareForm(form: DaysForm, time_zone: String) -> impl IntoView {
    view! {
        <Section id="compare" title="Compare">
            <Refused reason=form.problem.or_else(|| form.fields.others_in_words())/>
            <form method="post" action="/admin/reconciliation" class="narrow">
                <OfficeField name="from" label="First day" kind="date" value=form.fields.value("from") error=form.fields.problem("from") required=true/>
                <OfficeField name="to" label="Last day" kind="date" value=form.fields.value("to") error=form.fields.problem("to") required=true
                    hint=format!("Whole days in {time_zone}, both included")/>
                <button>"Compare"</button>
            </form>
        </Section>
    }
}

#[component]
fn Earlier(runs: Vec<ShownComparison>) -> impl IntoView {
    let rows = runs.into_iter().map(|shown| {
        let outcome = outcome(&shown.run);
        let link = view! { <a href=format!("/admin/reconciliation?run={}", shown.run.id)>{shown.days}</a> };
        cells![link, format!("{} by {}", shown.started_at, shown.run.started_by), outcome]
    });
    let columns = [text("Days").naming_rows(), text("Begun"), prose("Outcome")];
    view! {
        <Section id="earlier" title="Comparisons">
            <Table label="Table of comparisons" columns=columns rows=rows.collect()/>
        </Section>
    }
}

//! The open cases, each with what it is about and the decisions that a person can take.

use leptos::prelude::*;

use super::{
    case_view::{CaseProblem, CaseView},
    several_cases::SeveralCases,
};
use crate::pages::admin::orders::refund_form::{FormView, RefundField, RefundForms};
use crate::{
    components::{
        moments::Moments,
        office::{ConfirmField, Fold, OfficeField, Refused, Section},
        raw_body::RawBody,
    },
    domain::case::WhenAccepted,
};

#[component]
pub fn CasesSection(
    cases: Vec<CaseView>,
    /// How many there are, shown or not.
    count: u32,
    problem: Option<(i64, CaseProblem)>,
    forms: RefundForms,
    may_decide: bool,
    moments: Moments,
) -> impl IntoView {
    let shown = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    let items = cases.into_iter().map(|case| {
        let problem = problem.as_ref().filter(|(id, _)| *id == case.id).map(|(_, problem)| problem.clone());
        draw(case, problem, &forms, may_decide, &moments)
    });
    let items = items.collect_view();
    let several = match problem {
        Some((_, CaseProblem::Several(problem))) => Some(problem),
        _ => None,
    };
    let several =
        (may_decide && count > 1).then(|| view! { <SeveralCases problem=several has_second_factor=forms.has_second_factor/> });
    view! {
        <Section id="cases" title=format!("What waits for a person: {count}")>
            {(count == 0).then(|| view! { <p>"There is none."</p> })}
            {(count > shown).then(|| view! { <p class="hint">{format!("The {shown} oldest are shown: decide these first.")}</p> })}
            {several}
            <ul class="cases">{items}</ul>
        </Section>
    }
}

fn draw(case: CaseView, problem: Option<CaseProblem>, forms: &RefundForms, may_decide: bool, moments: &Moments) -> AnyView {
    let CaseView { id, kind, payment_id, opened_at, order_number, told, stored, body, .. } = case.clone();
    let told = match told {
        Ok(lines) => lines.into_iter().map(|line| view! { <div><dt>"Told"</dt><dd>{line}</dd></div> }).collect_view().into_any(),
        Err(why) => view! { <div><dt>"Told"</dt><dd>"Its callback does not verify any more: "{why}</dd></div> }.into_any(),
    };
    let order = order_number.map(|number| view! { <a href=format!("/admin/orders/{number}")>"Order "{number.clone()}</a> });
    let heading = format!("case-{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <li id=format!("case-{id}")>
            <article aria-labelledby=labelled_by data-case=id data-kind=kind.name()>
                <h3 id=heading>{format!("Case {id}: {}", kind.name())}</h3>
                <p>{kind.meaning()}</p>
                <dl class="facts">
                    <div><dt>"Payment"</dt><dd><code>{payment_id}</code>" "{order}</dd></div>
                    <div><dt>"Opened"</dt><dd>{moments.written(opened_at)}</dd></div>
                    {told}
                    <div><dt>"Stored"</dt><dd>{stored}</dd></div>
                </dl>
                <Fold summary="Body" of=format!("of case {id}")><RawBody body=body label=format!("Body of case {id}")/></Fold>
                {may_decide.then(|| decisions(&case, problem, forms))}
            </article>
        </li>
    }
    .into_any()
}

fn decisions(case: &CaseView, problem: Option<CaseProblem>, forms: &RefundForms) -> AnyView {
    let id = case.id;
    let (mut not_done, mut unconfirmed, mut dismissal, mut typed) = (None, None, None, None);
    match problem {
        Some(CaseProblem::NotDone(why)) => not_done = Some(why),
        Some(CaseProblem::Acceptance(why)) => unconfirmed = Some(why),
        Some(CaseProblem::Dismissal(problem)) => dismissal = Some(problem),
        Some(CaseProblem::Refund(refund, problem)) => typed = Some((refund, problem)),
        Some(CaseProblem::Several(_)) | None => {}
    }
    let acceptance = match case.kind.when_accepted() {
        WhenAccepted::Impossible => None,
        WhenAccepted::Applies => Some("Accept: apply the callback"),
        WhenAccepted::Closes => Some("Accept: a person took care of it"),
    };
    let not_refunded = typed.as_ref().filter(|(_, problem)| problem.at == RefundField::Form || case.refundable.is_none());
    let not_refunded = not_refunded.map(|(_, problem)| problem.why.clone());
    let (is_refunding, is_accepting, is_dismissing) = (typed.is_some(), unconfirmed.is_some(), dismissal.is_some());
    let (dismissal, has_second_factor) = (dismissal.unwrap_or_default(), forms.has_second_factor);
    let of_this = format!("(case {id})");
    let refund = case.refundable.clone().map(|(left, name)| {
        let of_case = RefundForms { name, ..forms.clone() };
        let action = format!("/admin/cases/{id}/refund");
        let form = FormView { of: format!("case-{id}-refund-"), action, payment_id: None, left, forms: &of_case, typed };
        let form = form.draw();
        view! { <Fold summary="Refund it" of=of_this.clone() is_open=is_refunding>{form}</Fold> }
    });
    view! {
        <div class="decisions">
            <Refused reason=not_done/>
            <Refused reason=not_refunded/>
            {acceptance.map(|words| view! {
                <Fold summary="Accept it" of=of_this.clone() is_open=is_accepting>
                    <form method="post" action=format!("/admin/cases/{id}/acceptance") class="narrow">
                        <ConfirmField of=format!("case-accept-{id}-") has_second_factor=has_second_factor error=unconfirmed/>
                        <button class="quiet">{words}</button>
                    </form>
                </Fold>
            })}
            {refund}
            <Fold summary="Ignore it" of=of_this.clone() is_open=is_dismissing>
                <form method="post" action=format!("/admin/cases/{id}/dismissal") class="narrow">
                    <OfficeField of=format!("case-{id}-") name="reason" label="Reason" value=dismissal.typed error=dismissal.reason required=true
                        hint="Kept with the case; no money is moved".to_owned()/>
                    <ConfirmField of=format!("case-dismiss-{id}-") has_second_factor=has_second_factor error=dismissal.confirmation/>
                    <button class="quiet">"Ignore"</button>
                </form>
            </Fold>
        </div>
    }
    .into_any()
}

//! Ignoring many cases at once, as when another program of the same project filled the list.

use leptos::prelude::*;

use super::case_view::SeveralProblem;
use crate::components::office::{ConfirmField, OfficeField};

#[component]
pub fn SeveralCases(problem: Option<SeveralProblem>, has_second_factor: bool) -> impl IntoView {
    let is_open = problem.is_some();
    let SeveralProblem { typed, cases, dismissal } = problem.unwrap_or_default();
    view! {
        <details open=is_open class="several">
            <summary>"Ignore several at once"</summary>
            <form method="post" action="/admin/cases/dismissal" class="narrow">
                <OfficeField of="several-" name="cases" label="Cases" value=typed error=cases required=true
                    hint="Their numbers, as 3 4 7 or 3-7. Of a range, only cases that are not about this shop are taken".to_owned()/>
                <OfficeField of="several-" name="reason" label="Reason" value=dismissal.typed error=dismissal.reason required=true
                    hint="Kept with each case; no money is moved".to_owned()/>
                <ConfirmField of="several-" has_second_factor=has_second_factor error=dismissal.confirmation/>
                <button class="quiet">"Ignore these"</button>
            </form>
        </details>
    }
}

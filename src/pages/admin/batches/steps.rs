//! What may be done with a batch now, and by whom.

use leptos::prelude::*;

use super::batch_view::BatchView;
use crate::{
    components::office::{ConfirmField, Refused},
    domain::{batch::BatchState, people::operator::Permission},
};

#[component]
pub fn NextStep(view: BatchView) -> impl IntoView {
    let BatchView { batch, would_wait, may_try_again, operator, refusal, unconfirmed, .. } = view;
    let (id, may) = (batch.id, operator.role.may(Permission::MoveMoney));
    let (mine, has_second_factor) = (batch.is_of(operator.id), operator.has_second_factor);
    let uploader = batch.uploaded_by.1.clone();
    let step = match batch.state {
        BatchState::Checked if batch.runnable() == 0 => {
            view! { <p>"Every row was refused. Correct the file and upload it again."</p> }.into_any()
        }
        BatchState::Checked if !(may && mine) => view! { <p>{format!("{uploader} uploaded it and may start it.")}</p> }.into_any(),
        BatchState::Checked => view! {
            <p>{match would_wait {
                true => "Together with what you started alone in the last 24 hours it is above the limit, so a second person must approve it.",
                false => "Nothing was sent yet. Look at the sums and rows below, then start it.",
            }}</p>
            <form method="post" action=format!("/admin/batches/{id}/start") class="narrow">
                <ConfirmField has_second_factor=has_second_factor error=unconfirmed/>
                <button>{if would_wait { "Ask for approval" } else { "Start the batch" }}</button>
            </form>
        }
        .into_any(),
        BatchState::Waiting if mine => view! {
            <p>"A second person must approve it. Nothing was sent yet."</p>
            <p class="hint">"It cannot be somebody whom you added, gave a role or reset, nor somebody they added."</p>
        }
        .into_any(),
        BatchState::Waiting if may => view! {
            <p>{format!("{uploader} wants it started. Look at the sums and rows below; it starts once you approve.")}</p>
            <form method="post" action=format!("/admin/batches/{id}/approve") class="narrow">
                <ConfirmField has_second_factor=has_second_factor error=unconfirmed/>
                <button>"Approve and start"</button>
            </form>
        }
        .into_any(),
        BatchState::Waiting => view! { <p>"A second person must approve it. Nothing was sent yet."</p> }.into_any(),
        BatchState::Reading | BatchState::Approved | BatchState::Running | BatchState::Finished | BatchState::Cancelled => ().into_any(),
    };
    let repeats = batch.repeats.filter(|_| matches!(batch.state, BatchState::Checked | BatchState::Waiting)).map(|(rows, run)| {
        let many = if rows == 1 { "1 of its rows repeats".to_owned() } else { format!("{rows} of its rows repeat") };
        view! {
            <p class="notice" data-repeats=rows.to_string()>
                {many}" a row of "<a href=format!("/admin/batches/{run}")>{format!("batch {run}")}</a>
                " or of a batch before it. Go on only if it is meant a second time."
            </p>
        }
    });
    let has_step = matches!(batch.state, BatchState::Checked | BatchState::Waiting);
    let stop = (may && batch.state.may_be_cancelled()).then(|| {
        let (name, text) = match batch.state.runs() {
            true => ("Stop the batch", "Rows that were not sent yet stay unsent. Rows that were sent are completed."),
            false => ("Cancel", "Nothing of it will be sent, now or later."),
        };
        view! {
            <form method="post" action=format!("/admin/batches/{id}/cancel")>
                <button class="quiet" aria-describedby="stop-means">{name}</button>
                <p class="hint" id="stop-means">{text}</p>
            </form>
        }
    });
    let again = (may && may_try_again).then(|| {
        view! {
            <form method="post" action=format!("/admin/batches/{id}/again")>
                <button aria-describedby="again-means">"Try the failed rows again"</button>
                <p class="hint" id="again-means">"A new batch of the declined rows only, under new names. It is checked, started and approved like any other."</p>
            </form>
        }
    });
    (has_step || refusal.is_some() || stop.is_some() || again.is_some()).then(|| {
        view! {
            <section class="next-step" aria-label="What may be done">
                <Refused reason=refusal/>
                {repeats}
                {step}
                {stop}
                {again}
            </section>
        }
    })
}

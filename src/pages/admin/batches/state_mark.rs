//! The state of a batch or of a row, with a mark, so that it is not told by colour alone.

use leptos::prelude::*;

use crate::domain::{
    batch::{Batch, BatchState, RowState},
    transfers::progress::Progress,
};

pub fn row_mark(state: RowState) -> impl IntoView {
    let mark = match state {
        RowState::Asked(Progress::Done) => "✓",
        RowState::Refused | RowState::Asked(Progress::Declined) => "✕",
        RowState::Ready => "○",
        RowState::Asked(Progress::Unknown) => "?",
        RowState::Asked(_) => "…",
    };
    marked(mark, state.name().to_owned())
}

/// `counts`: of its rows by state, where they are known.
pub fn batch_mark(batch: &Batch, counts: Option<&[(RowState, u32)]>) -> impl IntoView + use<> {
    let done = counts.map(|counts| count_of(counts, |state| state == RowState::Asked(Progress::Done)));
    let (state, rows, refused) = (batch.state.name(), batch.rows, batch.refused);
    let and_refused = if refused == 0 { state.to_owned() } else { format!("{state}, {refused} of {rows} refused") };
    let (mark, words) = match (batch.state, done) {
        (BatchState::Checked, _) if batch.runnable() == 0 => ("✕", "every row refused".to_owned()),
        (BatchState::Checked, _) => ("○", and_refused),
        (BatchState::Waiting, _) => ("?", and_refused),
        (BatchState::Finished, Some(done)) if done == rows => ("✓", state.to_owned()),
        (BatchState::Finished, Some(done)) => ("!", format!("{state}, {done} of {rows} done")),
        (BatchState::Finished, None) => ("■", and_refused),
        (BatchState::Cancelled, _) => ("✕", state.to_owned()),
        (BatchState::Reading | BatchState::Approved | BatchState::Running, _) => ("…", state.to_owned()),
    };
    marked(mark, words)
}

/// `2 of 3 (1 done, 1 refused)`: rows to which nothing more happens by itself.
pub fn ended_in_words(rows: u32, counts: &[(RowState, u32)]) -> String {
    let ended = counts.iter().filter(|(state, count)| state.has_ended() && *count > 0);
    let each: Vec<_> = ended.map(|(state, count)| format!("{count} {}", state.name())).collect();
    let sum = count_of(counts, RowState::has_ended);
    if each.is_empty() { format!("{sum} of {rows}") } else { format!("{sum} of {rows} ({})", each.join(", ")) }
}

pub fn count_of(counts: &[(RowState, u32)], is_meant: impl Fn(RowState) -> bool) -> u32 {
    counts.iter().filter(|(state, _)| is_meant(*state)).map(|(_, count)| *count).sum()
}

fn marked(mark: &'static str, words: String) -> impl IntoView {
    view! { <span class="batch-state"><span aria-hidden="true">{mark}</span>" "{words}</span> }
}

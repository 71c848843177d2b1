//! The state of a batch or of a row, with a mark.

use leptos::prelude::*;

/// The state in words with a mark, so that it is not told by colour alone.
pub fn state_mark(state: &'static str) -> impl IntoView {
    let mark = match state {
        "done" | "finished" => "✓",
        "refused" | "declined" | "cancelled" => "✕",
        "ready" | "checked" => "○",
        "waiting for approval" | "unknown" => "?",
        _ => "…",
    };
    view! { <span class="batch-state" data-state=state><span aria-hidden="true">{mark}</span>" "{state}</span> }
}

//! Text fields with their label, hint and error, tied together for screen readers.

use leptos::prelude::*;

use crate::{domain::shop::customer::FieldError, i18n::Locale, islands::error_text::error_text};

/// What a text field needs to know.
#[component]
pub fn TextField(
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    label: &'static str,
    /// Hints, each with the method it is for; styles show the chosen method's.
    hints: Vec<(&'static str, AnyView)>,
    /// What was typed.
    value: String,
    error: Option<FieldError>,
    locale: Locale,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = format!("{hint_id} {error_id}");
    let hints = hints.into_iter().map(|(method, text)| view! { <span data-for-method=method>{text}</span> });
    view! {
        <div class="field" data-field=name>
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                maxlength="300"
                value=value
                aria-describedby=described_by
                aria-invalid=error.map(|_| "true")
            />
            <p class="hint" id=hint_id>{hints.collect_view()}</p>
            <p class="error" id=error_id>{error.map(|error| error_text(error, locale))}</p>
        </div>
    }
}

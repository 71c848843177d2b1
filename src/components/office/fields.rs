//! Fields of the back office's forms, each with its label, hint and error tied together for screen readers.

use leptos::prelude::*;

/// What of a form was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem<Field> {
    pub at: Field,
    pub why: String,
}

impl<Field: PartialEq> Problem<Field> {
    /// Why this field was not taken, if it is the one.
    pub fn of(&self, field: Field) -> Option<String> {
        (self.at == field).then(|| self.why.clone())
    }
}

/// A text field with its label and error.
#[component]
pub fn OfficeField(
    /// What its id begins with, where a page has two fields of one name.
    #[prop(into, default = String::new())]
    of: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = None)] inputmode: Option<&'static str>,
    /// What was typed.
    #[prop(into, default = String::new())]
    value: String,
    #[prop(into, default = None)] hint: Option<String>,
    #[prop(into, default = None)] error: Option<String>,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
    let id = format!("{of}{name}");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let mut described = Vec::new();
    described.extend(hint.as_ref().map(|_| hint_id.clone()));
    described.extend(error.as_ref().map(|_| error_id.clone()));
    let described = (!described.is_empty()).then(|| described.join(" "));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                inputmode=inputmode
                value=value
                required=required
                aria-describedby=described
                aria-invalid=error.as_ref().map(|_| "true")
                autofocus=error.is_some()
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </div>
    }
    .into_any()
}

/// What an operator gives again before money leaves: a code, or the password without a second factor.
#[component]
pub fn ConfirmField(
    #[prop(into, default = String::new())] of: String,
    has_second_factor: bool,
    #[prop(into, default = None)] error: Option<String>,
    #[prop(default = true)] has_hint: bool,
) -> impl IntoView {
    let [name, label, kind, autocomplete, hint] = match has_second_factor {
        true => ["code", "Code", "text", "one-time-code", "Six digits of your authenticator, or a recovery code"],
        false => ["password", "Password", "password", "current-password", "Your own, once more"],
    };
    let (inputmode, hint) = (has_second_factor.then_some("numeric"), has_hint.then(|| hint.to_owned()));
    view! {
        <OfficeField of=of name=name label=label kind=kind autocomplete=autocomplete inputmode=inputmode hint=hint error=error required=true/>
    }
}

/// A list to choose from.
#[component]
pub fn OfficeSelect<Text: Into<String> + Clone + 'static>(
    /// What its id begins with, where a page has two fields of one name.
    #[prop(into, default = String::new())]
    of: String,
    name: &'static str,
    label: &'static str,
    /// What choosing nothing is called. `None`: something is always chosen.
    #[prop(into, default = None)]
    none: Option<&'static str>,
    /// Values and what each is called.
    #[prop(into)]
    options: Vec<(Text, Text)>,
    #[prop(into)] chosen: String,
    #[prop(into, default = None)] error: Option<String>,
) -> impl IntoView {
    let id = format!("{of}{name}");
    let error_id = format!("{id}-error");
    // What was asked for stays there to be seen, also where it is nothing that can be chosen.
    let options: Vec<(String, String)> = options.into_iter().map(|(value, words)| (value.into(), words.into())).collect();
    let is_known = chosen.is_empty() || options.iter().any(|(value, _)| *value == chosen);
    let unknown = error.as_ref().map(|_| chosen.clone()).filter(|_| !is_known);
    let options = options.into_iter().map(|(value, words)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{words}</option> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                name=name
                aria-describedby=error.as_ref().map(|_| error_id.clone())
                aria-invalid=error.as_ref().map(|_| "true")
            >
                {none.map(|none| view! { <option value="">{none}</option> })}
                {options.collect_view()}
                {unknown.map(|unknown| view! { <option value=unknown.clone() selected=true>{unknown.clone()}</option> })}
            </select>
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </div>
    }
    .into_any()
}

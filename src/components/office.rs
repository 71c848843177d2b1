//! What surrounds every page of the back office, and the fields its forms share.

use leptos::prelude::*;

use crate::domain::people::operator::{Operator, Permission};

/// A part of the back office, as its navigation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Orders,
    Payouts,
    Batches,
    Reports,
    Callbacks,
    Reconciliation,
    Operators,
}

impl Tab {
    const ALL: [Tab; 7] =
        [Tab::Orders, Tab::Payouts, Tab::Batches, Tab::Reports, Tab::Callbacks, Tab::Reconciliation, Tab::Operators];

    const fn name(self) -> &'static str {
        match self {
            Tab::Orders => "Orders",
            Tab::Payouts => "Payouts",
            Tab::Batches => "Batches",
            Tab::Reports => "Reports",
            Tab::Callbacks => "Callbacks",
            Tab::Reconciliation => "Reconciliation",
            Tab::Operators => "Operators",
        }
    }

    const fn address(self) -> &'static str {
        match self {
            Tab::Orders => "/admin/orders",
            Tab::Payouts => "/admin/payouts",
            Tab::Batches => "/admin/batches",
            Tab::Reports => "/admin/reports",
            Tab::Callbacks => "/admin/callbacks",
            Tab::Reconciliation => "/admin/reconciliation",
            Tab::Operators => "/admin/operators",
        }
    }

    fn is_shown_to(self, operator: &Operator) -> bool {
        self != Tab::Operators || operator.role.may(Permission::Manage)
    }
}

#[component]
pub fn OfficeFrame(
    /// `None`: nobody is signed in.
    operator: Option<Operator>,
    tab: Option<Tab>,
    /// Money is not real here.
    sandbox: bool,
    children: Children,
) -> impl IntoView {
    let tabs = operator.as_ref().map(|operator| {
        let shown = Tab::ALL.into_iter().filter(|tab| tab.is_shown_to(operator));
        let links = shown.map(|each| {
            view! { <li><a href=each.address() aria-current=(Some(each) == tab).then_some("page")>{each.name()}</a></li> }
        });
        view! { <nav class="office-nav" aria-label="Back office"><ul>{links.collect_view()}</ul></nav> }
    });
    let account = operator.map(|operator| {
        view! {
            <div class="office-account">
                <a href="/admin/account">{operator.email.clone()}</a>
                <span class="role">{operator.role.name()}</span>
                <form method="post" action="/admin/sign-out"><button class="quiet">"Sign out"</button></form>
            </div>
        }
    });
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="office-header">
            {sandbox.then(|| view! { <p class="sandbox-note">"Sandbox: no real money moves"</p> })}
            <div class="office-bar">
                <a class="wordmark" href="/admin">
                    <img src="/favicon.svg" alt="" width="28" height="28"/>
                    "Back office"
                </a>
                {account}
            </div>
            {tabs}
        </header>
        <main id="main" class="office" tabindex="-1">{children()}</main>
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
) -> impl IntoView {
    match has_second_factor {
        true => view! {
            <OfficeField of=of name="code" label="Code" autocomplete="one-time-code" inputmode=Some("numeric") error=error required=true
                hint="Six digits of your authenticator, or a recovery code".to_owned()/>
        }
        .into_any(),
        false => view! {
            <OfficeField of=of name="password" label="Password" kind="password" autocomplete="current-password" error=error required=true
                hint="Your own, once more".to_owned()/>
        }
        .into_any(),
    }
}

/// Says above a form why nothing was done.
#[component]
pub fn Refused(#[prop(into)] reason: String) -> impl IntoView {
    view! { <p class="notice" role="alert">{reason}</p> }
}

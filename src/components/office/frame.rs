//! What surrounds every page of the back office: banner, navigation, account.

use leptos::prelude::*;

use crate::domain::people::operator::{Operator, Permission};

named! {
    /// A part of the back office, as its navigation names it.
    pub enum Tab {
        Orders = "Orders",
        Payouts = "Payouts",
        Batches = "Batches",
        Reports = "Reports",
        Callbacks = "Callbacks",
        Reconciliation = "Reconciliation",
        Operators = "Operators",
    }
}

impl Tab {
    fn address(self) -> String {
        format!("/admin/{}", self.name().to_lowercase())
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
    /// The merchant's time zone.
    #[prop(into)]
    zone: String,
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
    let times = operator.as_ref().map(|_| view! { <footer class="site-footer"><p>"All times are those of "{zone}"."</p></footer> });
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
        {times}
    }
}

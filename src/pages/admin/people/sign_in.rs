//! `/admin/sign-in` and `/admin/sign-in/code`.

use leptos::prelude::*;

use crate::components::office::{ConfirmField, OfficeField, Refused};

#[component]
pub fn SignInPage(
    email: String,
    /// Where to go afterwards, and what was typed there.
    next: String,
    typed: String,
    problem: Option<String>,
    /// A form was sent after the session was over.
    was_over: bool,
) -> impl IntoView {
    let over = "You were signed out before this was sent, and nothing was done. What you typed comes back after you sign in.";
    let over = was_over.then(|| over.to_owned());
    view! {
        <div class="sign-in">
            <h1>"Sign in"</h1>
            <Refused reason=over/>
            <Refused reason=problem/>
            <form method="post" action="/admin/sign-in">
                <input type="hidden" name="next" value=next/>
                <input type="hidden" name="typed" value=typed/>
                <OfficeField name="email" label="Email" kind="email" autocomplete="username" value=email required=true/>
                <OfficeField name="password" label="Password" kind="password" autocomplete="current-password" required=true/>
                <button>"Sign in"</button>
            </form>
        </div>
    }
}

#[component]
pub fn CodePage(problem: Option<String>) -> impl IntoView {
    view! {
        <div class="sign-in">
            <h1>"One more step"</h1>
            <form method="post" action="/admin/sign-in/code">
                <ConfirmField has_second_factor=true error=problem/>
                <button>"Verify"</button>
            </form>
            <p><a href="/admin/sign-in">"Sign in as somebody else"</a></p>
        </div>
    }
}

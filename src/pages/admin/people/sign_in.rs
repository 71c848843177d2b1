//! `/admin/sign-in` and `/admin/sign-in/code`.

use leptos::prelude::*;

use crate::components::office::{OfficeField, Refused};

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
    view! {
        <div class="sign-in">
            <h1>"Sign in"</h1>
            {was_over.then(|| view! {
                <Refused reason="You were signed out before this was sent, and nothing was done. What you typed comes back after you sign in."/>
            })}
            {problem.map(|problem| view! { <Refused reason=problem/> })}
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
                <OfficeField
                    name="code"
                    label="Code"
                    autocomplete="one-time-code"
                    inputmode=Some("numeric")
                    hint="Six digits of your authenticator, or a recovery code".to_owned()
                    error=problem
                    required=true
                />
                <button>"Verify"</button>
            </form>
            <p><a href="/admin/sign-in">"Sign in as somebody else"</a></p>
        </div>
    }
}

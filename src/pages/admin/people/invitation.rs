//! `/admin/invitations/{token}`: an invited operator sets a password.

use leptos::prelude::*;

use crate::{components::office::OfficeField, domain::people::operator::Operator};

#[component]
pub fn InvitationPage(
    /// Who was invited.
    operator: Operator,
    /// What is wrong with the password that was typed.
    problem: Option<String>,
) -> impl IntoView {
    view! {
        <div class="sign-in">
            <h1>"Welcome"</h1>
            <p>
                "You were invited to this shop's back office as "<strong>{operator.email.clone()}</strong>", "{operator.role.name()}": "
                {operator.role.meaning()}". Set a password that nobody but you knows, then sign in with it."
            </p>
            <form method="post">
                // Password managers learn by it whose password this is.
                <input type="hidden" name="email" autocomplete="username" value=operator.email.clone()/>
                <OfficeField name="new_password" label="New password" kind="password" autocomplete="new-password" error=problem required=true
                    hint="At least 15 characters; a few unrelated words are good".to_owned()/>
                <button>"Set the password"</button>
            </form>
        </div>
    }
}

#[component]
pub fn InvitationOverPage() -> impl IntoView {
    view! {
        <div class="sign-in">
            <h1>"This invitation is over"</h1>
            <p>"An invitation works once, within a week, and only the newest one counts. Ask the person who invited you for another one."</p>
            <p><a href="/admin/sign-in">"Sign in"</a></p>
        </div>
    }
}

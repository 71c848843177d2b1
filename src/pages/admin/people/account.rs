//! `/admin/account`: one's own password and second factor.

use leptos::prelude::*;

use crate::{
    components::office::{ConfirmField, OfficeField, Problem, Refused, Section},
    domain::people::operator::Operator,
};

pub type AccountProblem = Problem<AccountField>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountField {
    NewPassword,
    /// What confirms the new password.
    Confirmation,
    NewCode,
    FactorPassword,
    Removal,
}

#[component]
pub fn AccountPage(
    operator: Operator,
    /// Secret and picture of a second factor to set up. `None`: there is one.
    set_up: Option<(String, Option<String>)>,
    /// Without it nothing else can be opened.
    is_demanded: bool,
    problem: Option<AccountProblem>,
) -> impl IntoView {
    let has_second_factor = operator.has_second_factor;
    let why = |at: AccountField| problem.as_ref().and_then(|problem| problem.of(at));
    let (password_error, confirm_error) = (why(AccountField::NewPassword), why(AccountField::Confirmation));
    let demand = is_demanded.then(|| "Your role demands a second factor. Set it up to go on.".to_owned());
    let factor = match set_up {
        Some((secret, qr)) => view! {
            <Refused reason=demand/>
            <SetUp secret=secret qr=qr code_error=why(AccountField::NewCode) password_error=why(AccountField::FactorPassword)/>
        }
        .into_any(),
        None => view! {
            <p>"It is set up. A code is asked for when you sign in, and before money leaves."</p>
            <form method="post" action="/admin/account/second-factor/removal">
                <ConfirmField of="removal-" has_second_factor=true error=why(AccountField::Removal)/>
                <button class="quiet">"Remove the second factor"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <h1>"Your account"</h1>
        <p class="lead">{operator.email.clone()}", "{operator.role.name()}": "{operator.role.meaning()}"."</p>
        <div class="office-columns">
            <Section id="factor" title="Second factor">{factor}</Section>
            <Section id="sessions" title="Signed in elsewhere?">
                <form method="post" action="/admin/account/sign-out-everywhere">
                    <button class="quiet">"Sign out everywhere"</button>
                </form>
            </Section>
            <Section id="new-password-heading" title="Change your password">
                <form method="post" action="/admin/account/password">
                    <OfficeField name="new_password" label="New password" kind="password" autocomplete="new-password" error=password_error required=true
                        hint="At least 15 characters; a few unrelated words are good. It signs out all other browsers.".to_owned()/>
                    <ConfirmField has_second_factor=has_second_factor error=confirm_error/>
                    <button>"Change password"</button>
                </form>
            </Section>
        </div>
    }
}

#[component]
fn SetUp(secret: String, qr: Option<String>, code_error: Option<String>, password_error: Option<String>) -> impl IntoView {
    let grouped = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    view! {
        <ol class="steps">
            <li>
                "Scan this with an authenticator, or type the key."
                {qr.map(|svg| view! { <div class="qr" role="img" aria-label="QR code of the key" inner_html=svg></div> })}
                <p class="key"><code>{grouped}</code></p>
            </li>
            <li>
                "Enter the code that it shows."
                <form method="post" action="/admin/account/second-factor">
                    <OfficeField name="new_code" label="Code from the authenticator" autocomplete="one-time-code" inputmode=Some("numeric") error=code_error required=true/>
                    <OfficeField of="factor-" name="password" label="Your password, once more" kind="password" autocomplete="current-password"
                        error=password_error required=true/>
                    <button>"Set up"</button>
                </form>
            </li>
        </ol>
    }
}

#[component]
pub fn RecoveryCodesPage(codes: Vec<String>) -> impl IntoView {
    view! {
        <h1>"The second factor is set up"</h1>
        <p class="lead">"Keep these recovery codes where you find them without your phone. Each signs you in once. They are not shown again."</p>
        <ul class="recovery-codes">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
        <p><a class="button" href="/admin">"I have kept them"</a></p>
    }
}

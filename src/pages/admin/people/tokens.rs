//! `/admin/tokens`: which programs may read the register.

use leptos::prelude::*;

use crate::components::office::{ConfirmField, OfficeField, Row, Section, Table, cells, prose, text};

/// A token; moments are in the merchant's time zone.
#[derive(Debug, Clone)]
pub struct ShownToken {
    pub id: i64,
    pub name: String,
    pub made_by: String,
    pub made_at: String,
    pub last_used_at: Option<String>,
    pub revoked_at: Option<String>,
}

/// Why no token was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokensProblem {
    pub name: Option<String>,
    pub confirmation: Option<String>,
}

#[component]
pub fn TokensPage(
    tokens: Vec<ShownToken>,
    /// What was typed.
    name: String,
    has_second_factor: bool,
    problem: TokensProblem,
) -> impl IntoView {
    let rows: Vec<_> = tokens.into_iter().map(token_row).collect();
    let columns = [prose("Name").naming_rows(), text("Made"), text("Last used"), text("State")];
    view! {
        <h1>"Tokens for programs"</h1>
        <p class="lead">
            "A token lets a program read sales, refunds and payouts at "<code>"POST /api/operations"</code>". It moves nothing. "
            "How to ask is described at "<a href="/api/openapi.json">"/api/openapi.json"</a>"."
        </p>
        <Table label="Tokens" columns=columns rows=rows none="No token was made yet."/>
        <Section id="make" title="Make a token">
            <form method="post" action="/admin/tokens" class="narrow">
                <OfficeField name="name" label="Name" value=name error=problem.name required=true hint="Which program it is for, such as book-keeping".to_owned()/>
                <ConfirmField has_second_factor=has_second_factor error=problem.confirmation/>
                <button>"Make token"</button>
            </form>
        </Section>
    }
}

fn token_row(token: ShownToken) -> Row {
    let revoke = format!("/admin/tokens/{}/revocation", token.id);
    let name = token.name.clone();
    let state = match token.revoked_at {
        Some(at) => view! { "revoked "{at} }.into_any(),
        None => view! {
            <form method="post" action=revoke>
                <button class="quiet">"Revoke"<span class="visually-hidden">" "{name}</span></button>
            </form>
        }
        .into_any(),
    };
    let made = format!("{} by {}", token.made_at, token.made_by);
    cells![token.name, made, token.last_used_at.unwrap_or_else(|| "never".to_owned()), state]
}

#[component]
pub fn TokenMadePage(name: String, token: String, address: String) -> impl IntoView {
    let interval = r#"{"interval": {"from": "2026-01-01", "to": "2026-01-31"}}"#;
    let example = format!("curl {address} \\\n  -H 'Authorization: Bearer {token}' \\\n  -d '{interval}'");
    view! {
        <h1>"Token made"</h1>
        <p class="lead">"This is the token of “"{name}"”. It is not shown again: give it to the program now, and to nobody else."</p>
        <p class="key"><code class="api-token">{token}</code></p>
        <p>"For example:"</p>
        <pre class="example"><code>{example}</code></pre>
        <p><a class="button" href="/admin/tokens">"All tokens"</a></p>
    }
}

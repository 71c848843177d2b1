//! What is wrong with parameters, and the page that tells a merchant's developer.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;

use crate::{
    acts::refused::RefusalCode,
    payments::fields::Fields,
    web::{
        frame::{self, FrameMessage},
        page::{self, Look},
    },
};

/// One reason why a payment cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub parameter: String,
    pub came: String,
    pub expected: String,
    /// The platform's code for it, where its list has one.
    pub code: Option<RefusalCode>,
    /// The string the signature should have been made of.
    pub string_to_sign: Option<String>,
}

impl Problem {
    /// A problem without a string to sign.
    pub fn new(parameter: &str, came: impl Into<String>, expected: impl Into<String>, code: Option<RefusalCode>) -> Self {
        Self { parameter: parameter.to_owned(), came: came.into(), expected: expected.into(), code, string_to_sign: None }
    }

    /// A required parameter that did not come.
    pub fn missing(parameter: &str, expected: impl Into<String>) -> Self {
        Self::new(parameter, "nothing", expected, Some(RefusalCode::Missing))
    }
}

/// The page. In a frame its script tells the shop's page at once, which need not wait then.
pub fn page(problems: Vec<Problem>, fields: &Fields) -> Response {
    let count = problems.len();
    let main = view! {
        <h1>"This payment cannot be opened"</h1>
        <p>{if count == 1 { "One thing is wrong.".to_owned() } else { format!("{count} things are wrong.") }}</p>
        <ul class="problems">{problems.into_iter().map(item).collect_view()}</ul>
    };
    let scripts = frame::script(fields, FrameMessage::default());
    page::scripted(StatusCode::BAD_REQUEST, Look::Sandbox, "This payment cannot be opened", scripts, main)
}

fn item(problem: Problem) -> impl IntoView {
    view! {
        <li>
            <h2>{problem.parameter}</h2>
            <dl>
                <dt>"Came"</dt>
                <dd><code>{problem.came}</code></dd>
                <dt>"Expected"</dt>
                <dd>{problem.expected}</dd>
                {problem.code.map(|code| view! { <dt>"Platform code"</dt> <dd><code>{code.name()}</code></dd> })}
                {problem
                    .string_to_sign
                    .map(|string| {
                        view! {
                            <dt>"Signed over"</dt>
                            <dd>
                                <pre tabindex="0">{string}</pre>
                                <p>"Compare it with " <code>"storefront sign --string"</code> "."</p>
                            </dd>
                        }
                    })}
            </dl>
        </li>
    }
}

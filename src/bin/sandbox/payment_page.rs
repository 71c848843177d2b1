//! Opens the Payment Page: checks the parameters, then shows the form, the payment they already belong to, or what is wrong.
//! Nothing is registered here: a customer who closes the page leaves no payment behind.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use crate::{
    amount::formatted,
    answers::{Answers, Complaints},
    error::PageError,
    form::Fields,
    frame::FrameMode,
    ledger::payments,
    opening::{self, Opening, Problem},
    page::{self, Look},
    payment::Payment,
    payment_form,
    sandbox::Sandbox,
};

/// `GET /payment`
pub async fn open_by_query(State(sandbox): State<Arc<Sandbox>>, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    open(&sandbox, query.unwrap_or_default().as_bytes()).await
}

/// `POST /payment`
pub async fn open_by_form(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, PageError> {
    open(&sandbox, &body).await
}

async fn open(sandbox: &Sandbox, raw: &[u8]) -> Result<Response, PageError> {
    let (_, opening) = match read(sandbox, raw) {
        Ok(read) => read,
        Err(problems) => return Ok(refusal(problems)),
    };
    if let Some(existing) = payments::by_payment_id(&mut *sandbox.ledger.read().await?, &opening.payment_id).await? {
        return Ok(lead_to(existing, &opening));
    }
    let answers = Answers::from_opening(&opening);
    Ok(payment_form::page(StatusCode::OK, &opening, &answers, &Complaints::default()))
}

/// The fields of a query or form, and the payment they open.
pub fn read(sandbox: &Sandbox, raw: &[u8]) -> Result<(Fields, Opening), Vec<Problem>> {
    let fields = Fields::parse(raw).map_err(|unreadable| {
        vec![Problem::new("the request", unreadable.to_string(), "names and values in UTF-8, each name once", None)]
    })?;
    let opening = opening::check(&fields, &sandbox.settings, sandbox.clock.now().timestamp())?;
    Ok((fields, opening))
}

/// Goes on where an existing payment was, if it is the same one; framed or not as it is opened now.
pub fn lead_to(existing: Payment, opening: &Opening) -> Response {
    if (existing.amount, existing.currency) == (opening.amount, opening.currency) {
        let existing = existing.shown_in(FrameMode::of(&opening.fields.0));
        return Redirect::to(&existing.result_address()).into_response();
    }
    let came = formatted(opening.amount, opening.currency);
    let known = formatted(existing.amount, existing.currency);
    let expected = format!("an id not used yet: {} exists, over {known}, and this one is over {came}", existing.payment_id);
    refusal(vec![Problem::new("payment_id", &opening.payment_id, expected, Some("3041"))])
}

/// Tells the merchant's developer precisely what is wrong.
pub fn refusal(problems: Vec<Problem>) -> Response {
    let count = problems.len();
    let main = view! {
        <h1>"This payment cannot be opened"</h1>
        <p>{if count == 1 { "One thing is wrong.".to_owned() } else { format!("{count} things are wrong.") }}</p>
        <ul class="problems">{problems.into_iter().map(problem_item).collect_view()}</ul>
    };
    page::page(StatusCode::BAD_REQUEST, Look::Sandbox, "This payment cannot be opened", main)
}

fn problem_item(problem: Problem) -> impl IntoView {
    view! {
        <li>
            <h2>{problem.parameter}</h2>
            <dl>
                <dt>"Came"</dt>
                <dd><code>{problem.came}</code></dd>
                <dt>"Expected"</dt>
                <dd>{problem.expected}</dd>
                {problem.code.map(|code| view! { <dt>"Platform code"</dt> <dd><code>{code}</code></dd> })}
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

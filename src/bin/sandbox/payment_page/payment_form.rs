//! The Payment Page's form. It carries the signed parameters along, so that the confirmation can be checked anew.
//! Without scripts unless framed or counting down: the stylesheet hides the fields of methods that are not chosen.

use crate::{
    look::{
        frame::{self, Told},
        page::{self, Look},
    },
    payment_page::{
        answers::{self, Answers, Complaints},
        opening::Opening,
        receipt::{Position, Receipt},
        return_links,
    },
    payments::amount::formatted,
};
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;
use leptos::prelude::*;
use storefront::platform::Method;

/// The whole page, with the seconds left to pay, what was typed, and what is wrong with it.
pub fn page(status: StatusCode, opening: &Opening, left_s: Option<u64>, answers: &Answers, complaints: &Complaints) -> Response {
    let amount = formatted(opening.amount, opening.currency);
    let description = opening.fields.filled("payment_description").map(str::to_owned);
    let link = return_links::before_result(&opening.fields.0);
    let main = view! {
        <p class="merchant">"Merchant: Sandbox"</p>
        <h1>"Pay " {amount.clone()}</h1>
        <dl class="facts">
            {description.map(|text| view! { <dt>"For"</dt> <dd>{text}</dd> })}
            <dt>"Payment"</dt>
            <dd>{opening.payment_id.clone()}</dd>
        </dl>
        {opening.receipt.as_ref().map(|receipt| positions(receipt, opening))}
        {opening.best_before.zip(left_s).map(|(moment, left_s)| countdown(moment, left_s))}
        <form method="post" action="/payment/confirm">
            {carried(opening)}
            {methods(opening, answers, complaints)}
            {email(opening, answers, complaints)}
            {last_name(opening, answers, complaints)}
            <button type="submit" class="main">{format!("Pay {amount}")}</button>
        </form>
        {link.map(return_links::view)}
        {remarks(opening)}
    };
    let counting = left_s.map(|_| view! { <script src="/assets/countdown.js" defer></script> }.into_any());
    let scripts = frame::script(&opening.fields.0, Told::default()).into_iter().chain(counting).collect();
    page::scripted(status, Look::Sandbox, &format!("Pay {amount}"), scripts, main)
}

fn positions(receipt: &Receipt, opening: &Opening) -> impl IntoView + use<> {
    let line = |position: &Position| {
        let amount = formatted(position.amount, opening.currency);
        let quantity = position.quantity.as_ref().map(|quantity| format!("{quantity} × "));
        view! { <li>{quantity} {position.description.clone()} ", " {amount}</li> }
    };
    view! { <ul class="positions" aria-label="What is paid for">{receipt.positions.iter().map(line).collect_view()}</ul> }
}

fn countdown(moment: Timestamp, left_s: u64) -> impl IntoView {
    let at = moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    view! {
        <p class="countdown">
            <span class="how">"To be paid before "</span>
            <time datetime=moment.to_string() data-seconds=left_s.to_string()>{at}</time>
        </p>
    }
}

/// The signed parameters and their signature, as they came.
fn carried(opening: &Opening) -> impl IntoView + use<> {
    let signature = ("signature".to_owned(), opening.signature.clone());
    let fields: Vec<_> = opening.fields.0.iter().cloned().chain([signature]).collect();
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

fn methods(opening: &Opening, answers: &Answers, complaints: &Complaints) -> AnyView {
    if let (true, [method]) = (opening.forced, opening.methods.as_slice()) {
        return view! { <p>"Payment method: " <strong>{method.rules().name}</strong></p> }.into_any();
    }
    let chosen = answers.method;
    let radio = move |method: Method| {
        let code = method.rules().code;
        view! {
            <label class="choice">
                <input type="radio" name=answers::METHOD value=code checked=chosen == Some(method) required />
                {method.rules().name}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>"Payment method"</legend>
            {opening.methods.iter().copied().map(radio).collect_view()}
            {complaint("method-complaint", complaints.method)}
        </fieldset>
    }
    .into_any()
}

fn email(opening: &Opening, answers: &Answers, complaints: &Complaints) -> Option<AnyView> {
    opening.methods.iter().any(|method| method.rules().needs_email).then(|| {
        view! {
            <div class="field needs-email">
                <label for="email">"Email"</label>
                <input
                    id="email"
                    name=answers::EMAIL
                    type="email"
                    autocomplete="email"
                    value=answers.email.clone()
                    required=is_certain(opening)
                    aria-invalid=complaints.email.map(|_| "true")
                    aria-describedby=complaints.email.map(|_| "email-complaint")
                />
                {complaint("email-complaint", complaints.email)}
            </div>
        }
        .into_any()
    })
}

fn last_name(opening: &Opening, answers: &Answers, complaints: &Complaints) -> Option<AnyView> {
    let asked = answers::asks_last_name(opening) && opening.methods.iter().any(|method| method.rules().needs_last_name);
    asked.then(|| {
        view! {
            <div class="field needs-last-name">
                <label for="last-name">"Last name"</label>
                <input
                    id="last-name"
                    name=answers::LAST_NAME
                    type="text"
                    autocomplete="family-name"
                    value=answers.last_name.clone()
                    required=is_certain(opening)
                    aria-invalid=complaints.last_name.map(|_| "true")
                    aria-describedby=complaints.last_name.map(|_| "last-name-complaint")
                />
                {complaint("last-name-complaint", complaints.last_name)}
            </div>
        }
        .into_any()
    })
}

/// A browser insists on a required field even while it is hidden, so a field is required only if no other method can be chosen.
fn is_certain(opening: &Opening) -> bool {
    opening.methods.len() == 1
}

fn complaint(id: &'static str, text: Option<&'static str>) -> Option<impl IntoView> {
    text.map(|text| view! { <p class="complaint" id=id role="alert">{text}</p> })
}

fn remarks(opening: &Opening) -> Option<impl IntoView + use<>> {
    let remarks = opening.remarks.clone();
    (!remarks.is_empty()).then(|| {
        view! {
            <aside aria-labelledby="remarks">
                <h2 id="remarks">"For the shop’s developer"</h2>
                <ul>{remarks.into_iter().map(|remark| view! { <li>{remark}</li> }).collect_view()}</ul>
            </aside>
        }
    })
}

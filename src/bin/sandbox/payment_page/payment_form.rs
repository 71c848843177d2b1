//! The Payment Page's form. It carries the signed parameters along, so that the confirmation can be checked anew.
//! The stylesheet hides the fields of methods that are not chosen; scripts are there only for a frame or a countdown.

use crate::{
    payment_page::{
        answers::{self, Answers, Complaints},
        parameters::PaymentParameters,
        receipt::{Position, Receipt},
        return_links,
    },
    payments::amount::formatted,
    web::{
        frame::{self, FrameMessage},
        page::{self, Look},
    },
};
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;
use leptos::prelude::*;
use storefront::platform::Method;

/// The whole page, with the seconds left to pay, what was typed, and what is wrong with it.
pub fn page(
    status: StatusCode,
    parameters: &PaymentParameters,
    left_s: Option<u64>,
    answers: &Answers,
    complaints: &Complaints,
) -> Response {
    let amount = formatted(parameters.amount, parameters.currency);
    let description = parameters.fields.filled("payment_description").map(str::to_owned);
    let link = return_links::before_result(&parameters.fields);
    let main = view! {
        <p class="merchant">"Merchant: Sandbox"</p>
        <h1>"Pay " {amount.clone()}</h1>
        <dl class="facts">
            {description.map(|text| view! { <dt>"For"</dt> <dd>{text}</dd> })}
            <dt>"Payment"</dt>
            <dd>{parameters.payment_id.clone()}</dd>
        </dl>
        {parameters.receipt.as_ref().map(|receipt| positions(receipt, parameters))}
        {parameters.best_before.zip(left_s).map(|(moment, left_s)| countdown(moment, left_s))}
        <form method="post" action="/payment/confirm">
            {carried(parameters)}
            {methods(parameters, answers, complaints)}
            {email(parameters, answers, complaints)}
            {last_name(parameters, answers, complaints)}
            <button type="submit" class="main">{format!("Pay {amount}")}</button>
        </form>
        {link.map(return_links::view)}
        {remarks(parameters)}
    };
    let counting = left_s.map(|_| view! { <script src="/assets/countdown.js" defer></script> }.into_any());
    let scripts = frame::script(&parameters.fields, FrameMessage::default()).into_iter().chain(counting).collect();
    page::scripted(status, Look::Sandbox, &format!("Pay {amount}"), scripts, main)
}

fn positions(receipt: &Receipt, parameters: &PaymentParameters) -> impl IntoView + use<> {
    let line = |position: &Position| {
        let amount = formatted(position.amount, parameters.currency);
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
fn carried(parameters: &PaymentParameters) -> impl IntoView + use<> {
    let signature = ("signature".to_owned(), parameters.signature.clone());
    let fields: Vec<_> = parameters.fields.0.iter().cloned().chain([signature]).collect();
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

fn methods(parameters: &PaymentParameters, answers: &Answers, complaints: &Complaints) -> AnyView {
    if let (true, [method]) = (parameters.forced, parameters.methods.as_slice()) {
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
            {parameters.methods.iter().copied().map(radio).collect_view()}
            {complaint("method-complaint", complaints.method)}
        </fieldset>
    }
    .into_any()
}

/// A text that a method asks for; the stylesheet shows it where the chosen method does.
struct Field {
    id: &'static str,
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
}

const EMAIL: Field = Field { id: "email", label: "Email", name: answers::EMAIL, kind: "email", autocomplete: "email" };
const LAST_NAME: Field =
    Field { id: "last-name", label: "Last name", name: answers::LAST_NAME, kind: "text", autocomplete: "family-name" };

fn email(parameters: &PaymentParameters, answers: &Answers, complaints: &Complaints) -> Option<AnyView> {
    let asked = parameters.methods.iter().any(|method| method.rules().needs_email);
    asked.then(|| field(EMAIL, &answers.email, is_certain(parameters), complaints.email))
}

fn last_name(parameters: &PaymentParameters, answers: &Answers, complaints: &Complaints) -> Option<AnyView> {
    let asked = answers::asks_last_name(parameters) && parameters.methods.iter().any(|method| method.rules().needs_last_name);
    asked.then(|| field(LAST_NAME, &answers.last_name, is_certain(parameters), complaints.last_name))
}

fn field(field: Field, value: &str, required: bool, wrong: Option<&'static str>) -> AnyView {
    let Field { id, label, name, kind, autocomplete } = field;
    let complaint_id = format!("{id}-complaint");
    view! {
        <div class=format!("field needs-{id}")>
            <label for=id>{label}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                value=value.to_owned()
                required=required
                aria-invalid=wrong.map(|_| "true")
                aria-describedby=wrong.map(|_| complaint_id.clone())
            />
            {complaint(&complaint_id, wrong)}
        </div>
    }
    .into_any()
}

/// Browsers demand a required field even while it is hidden, so a field is required only if no other method can be chosen.
fn is_certain(parameters: &PaymentParameters) -> bool {
    parameters.methods.len() == 1
}

fn complaint(id: &str, text: Option<&'static str>) -> Option<impl IntoView + use<>> {
    text.map(|text| view! { <p class="complaint" id=id.to_owned() role="alert">{text}</p> })
}

fn remarks(parameters: &PaymentParameters) -> Option<impl IntoView + use<>> {
    let remarks = parameters.remarks.clone();
    (!remarks.is_empty()).then(|| {
        view! {
            <aside aria-labelledby="remarks">
                <h2 id="remarks">"For the shop’s developer"</h2>
                <ul>{remarks.into_iter().map(|remark| view! { <li>{remark}</li> }).collect_view()}</ul>
            </aside>
        }
    })
}

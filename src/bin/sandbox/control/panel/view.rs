//! The panel's HTML.

use crate::{
    faults::{Faults, GateFault, SignatureFault},
    ledger::callbacks::{CallbackAttempt, CallbackState, CallbackWithAttempts},
    payments::{
        amount::formatted,
        payment::{Payment, PaymentType},
    },
    running::clock::Moment,
};
use leptos::prelude::*;
use storefront::{platform::Standing, protocol::signed::json::Json};

/// The whole panel: the clock, the faults, and the newest of `count` payments with their callbacks.
pub fn panel(
    now: Moment,
    offset_ms: i64,
    faults: &Faults,
    payments: Vec<(Payment, Vec<CallbackWithAttempts>)>,
    count: usize,
) -> impl IntoView + use<> {
    let shown = payments.len();
    view! {
        <h1>"Control panel"</h1>
        <div class="columns">
            <section aria-labelledby="payments">
                <h2 id="payments">"Payments"</h2>
                {(shown == 0).then(|| view! { <p>"None yet. A payment appears when a customer presses Pay."</p> })}
                {(shown < count).then(|| view! { <p>{format!("The newest {shown} of {count}.")}</p> })}
                {payments.into_iter().map(|(payment, callbacks)| payment_view(payment, callbacks)).collect_view()}
            </section>
            <div>
                {clock(now, offset_ms)}
                {faults_form(faults)}
                <section aria-labelledby="reset">
                    <h2 id="reset">"Start anew"</h2>
                    <p>"Forgets payments, callbacks, faults and the clock’s offset."</p>
                    <form method="post" action="/control/panel/reset">
                        <button type="submit" class="danger">"Forget everything"</button>
                    </form>
                </section>
                <section aria-labelledby="programs">
                    <h2 id="programs">"For programs"</h2>
                    <p><a href="/control/payments">"/control/payments"</a> ", " <a href="/control/faults">"/control/faults"</a></p>
                </section>
            </div>
        </div>
    }
}

fn payment_view(payment: Payment, callbacks: Vec<CallbackWithAttempts>) -> impl IntoView {
    let class = match payment.status.standing() {
        Standing::Open => "status open",
        Standing::Declined => "status decline",
        _ => "status success",
    };
    // A payout has no page for customers.
    let heading = match payment.payment_type {
        PaymentType::Purchase => {
            let address = payment.clone().shown_in(None).result_address();
            view! { <a href=address>{payment.payment_id.clone()}</a> }.into_any()
        }
        PaymentType::Payout => view! { {payment.payment_id.clone()} " (payout)" }.into_any(),
    };
    view! {
        <article>
            <h3>{heading}</h3>
            <p>
                <span class=class>{payment.status.to_string()}</span>
                " · " {formatted(payment.amount, payment.currency)} " · " {payment.method.rules().name} " · "
                {payment.changed_at.readable()}
            </p>
            <details>
                <summary>{format!("Callbacks ({})", callbacks.len())}</summary>
                <ol>{callbacks.into_iter().map(callback_view).collect_view()}</ol>
                <form method="post" action="/control/panel/send-again">
                    <input type="hidden" name="payment_id" value=payment.payment_id.clone() />
                    <button type="submit">"Send again"<span class="unseen">" the callbacks of " {payment.payment_id}</span></button>
                </form>
            </details>
        </article>
    }
}

fn callback_view((callback, attempts): CallbackWithAttempts) -> impl IntoView {
    let next = (callback.state == CallbackState::Waiting).then(|| format!("next try {}", callback.due_at.readable()));
    let attempt = |attempt: CallbackAttempt| {
        let answer = attempt.http_status.map_or("no answer".to_owned(), |status| format!("HTTP {status}"));
        view! { <li>{attempt.at.readable()} " " {answer}</li> }
    };
    view! {
        <li>
            <strong>{told_status(&callback.body)}</strong> " — " {callback.state.name()}
            <ul class="attempts">
                {attempts.into_iter().map(attempt).collect_view()}
                {next.map(|next| view! { <li>{next}</li> })}
            </ul>
            <details>
                <summary>"Body"</summary>
                <p>"To " {callback.url}</p>
                <pre tabindex="0">{callback.body}</pre>
            </details>
        </li>
    }
}

/// The payment's status in a callback's body.
fn told_status(body: &str) -> String {
    let document = Json::parse_object(body.as_bytes()).ok();
    let status = document.as_ref().and_then(|document| document.at(&["payment", "status"]).and_then(Json::as_text));
    status.unwrap_or("no status").to_owned()
}

const STEPS: [(&str, u64); 5] =
    [("+10 s", 10), ("+1 min", 60), ("+1 h", 60 * 60), ("+1 day", 24 * 60 * 60), ("+11 days", 11 * 24 * 60 * 60)];

fn clock(now: Moment, offset_ms: i64) -> impl IntoView {
    let step = |(label, seconds): (&'static str, u64)| {
        view! { <button type="submit" name="advance_s" value=seconds.to_string()>{label}</button> }
    };
    view! {
        <section aria-labelledby="clock">
            <h2 id="clock">"Clock"</h2>
            <p>{now.readable()} " UTC"</p>
            <p>{format!("{} s ahead of real time", offset_ms / 1000)}</p>
            <form method="post" action="/control/panel/clock" class="row">{STEPS.into_iter().map(step).collect_view()}</form>
        </section>
    }
}

fn faults_form(faults: &Faults) -> impl IntoView + use<> {
    let signatures = SignatureFault::ALL.map(|fault| (fault.name(), fault == faults.signature));
    let gate = GateFault::ALL.map(|fault| (fault.name(), fault == faults.gate));
    view! {
        <section aria-labelledby="faults">
            <h2 id="faults">"Faults"</h2>
            <p>"They apply to callbacks and Gate’s answers made from now on."</p>
            <form method="post" action="/control/panel/faults" class="grid">
                {number("drop", "Share of callbacks never sent", faults.drop.to_string(), "any", "1")}
                {number("duplicate", "Further copies of each", faults.duplicate.to_string(), "1", "255")}
                {number("delay_ms", "Delay in milliseconds", faults.delay_ms.to_string(), "1", "4294967295")}
                {number("amount", "Amount instead (minor units)", faults.amount.map_or(String::new(), |amount| amount.to_string()), "1", "")}
                <div class="field">
                    <label for="currency">"Currency instead"</label>
                    <input id="currency" name="currency" type="text" maxlength="3" value=faults.currency.clone().unwrap_or_default() />
                </div>
                {choice("signature", "Signature", signatures)}
                {choice("gate", "Gate", gate)}
                {tick("shuffle", "Hold callbacks until the payment is final, then shuffle them", faults.shuffle)}
                {tick("late_success", "A decline is followed by a success", faults.late_success)}
                {tick("try_again", "A decline may be tried again on the Payment Page", faults.try_again)}
                {tick("operations_pending", "Refunds and payouts stay undecided", faults.operations_pending)}
                <button type="submit" class="main">"Set faults"</button>
            </form>
        </section>
    }
}

/// An option for each value: its name, and whether it is chosen.
fn choice<const N: usize>(name: &'static str, label: &'static str, values: [(&'static str, bool); N]) -> impl IntoView {
    let option = |(value, chosen)| view! { <option value=value selected=chosen>{value}</option> };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>{values.map(option).into_iter().collect_view()}</select>
        </div>
    }
}

fn number(name: &'static str, label: &'static str, value: String, step: &'static str, most: &'static str) -> impl IntoView {
    let most = (!most.is_empty()).then_some(most);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type="number" min="0" max=most step=step value=value />
        </div>
    }
}

fn tick(name: &'static str, label: &'static str, ticked: bool) -> impl IntoView {
    view! { <label class="choice"><input type="checkbox" name=name checked=ticked />{label}</label> }
}

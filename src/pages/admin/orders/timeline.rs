//! Everything that happened to an order, line by line.

use leptos::prelude::*;

use crate::{
    components::{moments::Moments, office::Fold, price::in_english, raw_body::RawBody},
    domain::orders::{
        explanation::{code_in_words, posted},
        history::{APPLIED, Callback, Happening, HistoryEvent, NOT_USED, Source},
    },
};

#[component]
pub fn Timeline(
    events: Vec<HistoryEvent>,
    moments: Moments,
    /// Whether this operator may apply a callback again.
    may_ask: bool,
    /// The number of the order whose page that form comes back to.
    back: String,
) -> impl IntoView {
    let lines = events.into_iter().map(|HistoryEvent { at, what }| {
        view! { <li><p class="moment">{moments.written(at)}</p><div>{line(what, &moments, may_ask, &back)}</div></li> }
    });
    view! { <ol class="timeline">{lines.collect_view()}</ol> }
}

fn line(what: Happening, moments: &Moments, may_ask: bool, back: &str) -> AnyView {
    match what {
        Happening::Placed => view! { <p>"The order was placed."</p> }.into_any(),
        Happening::Attempted(payment_id, method) => {
            let with = method.map_or("; the method is chosen on the Payment Page".to_owned(), |method| format!(" with {}", method.rules().name));
            view! { <p>"The customer went to pay "<code>{payment_id}</code>{with}"."</p> }.into_any()
        }
        Happening::Told(callback) => {
            view! { <CallbackEntry callback=callback moments=moments.clone() may_ask=may_ask back=Some(back.to_owned())/> }.into_any()
        }
        Happening::Moved(movement) => {
            let sum = in_english(movement.amount);
            view! { <p>"In the journal of money: "{sum}" "{posted(movement.kind)}", "<code>{movement.reference}</code>"."</p> }.into_any()
        }
        Happening::CaseOpened(id, kind, payment_id) => view! {
            <p>"Case "{id}" was opened: "<strong>{kind.name()}</strong>", payment "<code>{payment_id}</code>". "<a href=format!("/admin/callbacks#case-{id}")>"Cases"</a></p>
        }
        .into_any(),
        Happening::CaseClosed(id, kind, closed) => {
            let reason = if closed.reason.is_empty() { String::new() } else { format!(": {}", closed.reason) };
            view! { <p>{format!("Case {id} ({}) was {}{reason}.", kind.name(), closed.outcome)}</p> }.into_any()
        }
        Happening::RefundAsked(refund) => {
            let sum = in_english(refund.amount);
            let why = if refund.was_asked_for_here() { format!(": {}", refund.reason) } else { ", made elsewhere".to_owned() };
            view! { <p>"A refund of "{sum}" was asked for"{why}". "<code>{refund.id}</code></p> }.into_any()
        }
        Happening::RefundSent(refund) => {
            view! { <p>"The refund of "{in_english(refund.amount)}" was sent to the platform."</p> }.into_any()
        }
        Happening::RefundEnded(refund) => {
            let code = refund.code.as_deref().map(|code| format!(" {}", code_in_words(code))).unwrap_or_default();
            view! { <p>"The refund of "{in_english(refund.amount)}" ended: "{refund.progress.name()}"."{code}</p> }.into_any()
        }
        Happening::Did(deed) => {
            let detail = if deed.detail.is_empty() { String::new() } else { format!(" ({})", deed.detail) };
            view! { <p><strong>{deed.operator}</strong>": "{deed.act}", "{deed.subject}{detail}</p> }.into_any()
        }
    }
}

/// A callback or status answer: verdict, how often it came, and its body.
#[component]
pub fn CallbackEntry(
    callback: Callback,
    moments: Moments,
    may_ask: bool,
    /// The order's number, if the form is to come back to its page.
    back: Option<String>,
) -> impl IntoView {
    let Callback { id, payment_id, body, verdict, source, deliveries, last_at, .. } = callback;
    let how = match source {
        Source::Callback => "Callback",
        Source::Status => "Status answer",
    };
    let name = format!("{} {id}", how.to_lowercase());
    let often = (deliveries > 1).then(|| format!(" It came {deliveries} times, last at {}.", moments.written(last_at)));
    let about = match payment_id.is_empty() {
        true => "about no payment".into_any(),
        false => view! { "payment "<code>{payment_id}</code> }.into_any(),
    };
    let is_fine = verdict == APPLIED || verdict == NOT_USED;
    view! {
        <p id=format!("callback-{id}")>
            {how}" "{id}", "{about}": "
            <strong class=if is_fine { "verdict" } else { "verdict doubt" }>{verdict}</strong>"."{often}
        </p>
        <Fold summary="Body" of=format!("of {name}")>
            <RawBody body=body label=format!("Body of {name}")/>
            {may_ask.then(|| view! {
                <form method="post" action=format!("/admin/callbacks/{id}/application")>
                    {back.map(|number| view! { <input type="hidden" name="order" value=number/> })}
                    <button class="quiet">"Apply this callback again"</button>
                </form>
            })}
        </Fold>
    }
}

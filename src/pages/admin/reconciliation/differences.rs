//! The differences of a comparison: what each side says, what to do, and the button that may heal it.

use leptos::prelude::*;

use super::comparison_view::ShownDifference;
use crate::{
    components::{office::Section, price::in_english},
    domain::reconciliation::{Difference, DifferenceKind, Remedy, Side},
};

#[component]
pub fn DifferenceList(differences: Vec<ShownDifference>, may_act: bool) -> impl IntoView {
    let items = differences.into_iter().map(|shown| item(shown, may_act)).collect_view();
    view! { <Section id="differences" title="Differences"><ol class="differences">{items}</ol></Section> }
}

fn item(shown: ShownDifference, may_act: bool) -> impl IntoView {
    let ShownDifference { found, compared_at, healed } = shown;
    let difference = found.difference;
    let title = title(&difference);
    let is_open = healed.is_none();
    let order = found.order.map(|number| {
        view! { <div><dt>"Order"</dt><dd><a href=format!("/admin/orders/{number}")>{number.clone()}</a></dd></div> }
    });
    let operation = difference.operation_id.clone().map(|id| view! { <div><dt>"Operation"</dt><dd>{id}</dd></div> });
    view! {
        <li data-difference=found.id class:healed=!is_open>
            <h3>{title}": payment "{difference.payment_id.clone()}</h3>
            <dl class="facts">
                <div><dt>"The shop says"</dt><dd>{side(difference.shop, difference.kind)}</dd></div>
                <div><dt>"The register says"</dt><dd>{side(difference.register, difference.kind)}</dd></div>
                {operation}
                {order}
                {compared_at.filter(|_| is_open).map(|at| view! { <div><dt>"Compared again"</dt><dd>{at}</dd></div> })}
            </dl>
            {match healed {
                Some((at, by)) => view! { <p class="healed-by">"Healed: "{at}", after "{by}" had it compared again"</p> }.into_any(),
                None => view! { <p>"To do: "{difference.advice()}</p> }.into_any(),
            }}
            {(is_open && may_act).then(|| heal_form(found.id, &difference))}
        </li>
    }
}

fn title(difference: &Difference) -> String {
    let movement = difference.movement.name();
    match difference.kind {
        DifferenceKind::Missing => format!("Missing {movement}"),
        DifferenceKind::Extra => format!("Extra {movement}"),
        DifferenceKind::Amount => format!("Another amount, {movement}"),
        DifferenceKind::Currency => format!("Another currency, {movement}"),
        DifferenceKind::Status => format!("Another status, {movement}"),
        DifferenceKind::Duplicate => format!("Twice, {movement}"),
    }
}

fn side(side: Option<Side>, kind: DifferenceKind) -> String {
    match side {
        Some(Side { amount, state }) => format!("{}, {}", in_english(amount), state.name()),
        None if kind == DifferenceKind::Duplicate => "not compared: the register repeats itself".to_owned(),
        None => "nothing".to_owned(),
    }
}

fn heal_form(id: i64, difference: &Difference) -> impl IntoView + use<> {
    let (button, hint) = match difference.remedy() {
        Remedy::Ask => ("Ask the platform now", "Its answer is taken in like a callback, then both sides are compared again."),
        Remedy::CompareAgain => ("Compare again", "A person has to settle this. Once it is settled, compare again."),
    };
    let payment_id = difference.payment_id.clone();
    view! {
        <form method="post" action=format!("/admin/reconciliation/differences/{id}/healing")>
            <button class="quiet" aria-describedby=format!("hint-{id}")>
                {button}<span class="visually-hidden">" about "{payment_id}</span>
            </button>
            <p class="hint" id=format!("hint-{id}")>{hint}</p>
        </form>
    }
}

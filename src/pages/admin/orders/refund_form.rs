//! The form that refunds a payment or a part of it.

use leptos::prelude::*;

use crate::{
    components::{
        office::{ConfirmField, OfficeField, Problem, Refused, Section},
        price::in_english,
    },
    domain::{
        money::Money,
        orders::{history::OrderHistory, order::Attempt},
        transfers::refund::{NotRefundable, Refundable},
    },
};

/// A form as it was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedRefund {
    pub payment_id: String,
    pub amount: String,
    pub reason: String,
}

pub type RefundProblem = Problem<RefundField>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundField {
    /// The whole of it.
    Form,
    Amount,
    Reason,
    Confirmation,
}

/// All that the forms of a page share.
#[derive(Debug, Clone)]
pub struct RefundForms {
    /// The name of a refund that is asked for now: sent twice, it is made once.
    pub name: String,
    pub typed: Option<(TypedRefund, RefundProblem)>,
    pub has_second_factor: bool,
    /// Whether this operator refunds at all.
    pub is_allowed: bool,
    /// The most that this operator may refund at once, where there is such a limit.
    pub limit: Option<Money>,
}

/// For each payment of the order that took money: the form, or why there is none.
#[component]
pub fn RefundSection(history: OrderHistory, forms: RefundForms) -> impl IntoView {
    let paid = history.order.attempts.iter().filter(|attempt| attempt.standing() >= crate::platform::Standing::Succeeded);
    let parts = paid.enumerate().map(|(place, attempt)| one(place, attempt, history.refundable(attempt), &history, &forms));
    let parts = parts.collect_view();
    view! { <Section id="refund" title="Refund">{parts}</Section> }
}

fn one(
    place: usize,
    attempt: &Attempt,
    refundable: Result<Refundable, NotRefundable>,
    history: &OrderHistory,
    forms: &RefundForms,
) -> AnyView {
    let id = attempt.payment_id.clone();
    let typed = forms.typed.clone().filter(|(typed, _)| typed.payment_id.eq_ignore_ascii_case(&id));
    let refused = typed.as_ref().filter(|(_, problem)| problem.at == RefundField::Form || refundable.is_err());
    let refused = refused.map(|(_, problem)| problem.why.clone());
    let refused = view! { <Refused reason=refused/> };
    match refundable {
        Err(why) => {
            let why = match why {
                NotRefundable::GivenBack => "all of it went back already".to_owned(),
                why => why.to_string(),
            };
            view! { {refused} <p>"Payment "<code>{id}</code>": "{why}"."</p> }.into_any()
        }
        Ok(_) if !forms.is_allowed => {
            view! { <p>"Payment "<code>{id}</code>" can be refunded by support, finance or an owner."</p> }.into_any()
        }
        Ok(refundable) => {
            let action = format!("/admin/orders/{}/refunds", history.order.number);
            let view =
                FormView { of: format!("refund-{place}-"), action, payment_id: Some(id), left: refundable.left(), forms, typed };
            view! { {refused} {view.draw()} }.into_any()
        }
    }
}

/// One form, wherever it stands.
pub struct FormView<'a> {
    /// What its fields' ids begin with.
    pub of: String,
    pub action: String,
    pub payment_id: Option<String>,
    pub left: Money,
    pub forms: &'a RefundForms,
    pub typed: Option<(TypedRefund, RefundProblem)>,
}

impl FormView<'_> {
    pub fn draw(self) -> impl IntoView + use<> {
        let Self { of, action, payment_id, left, forms, typed } = self;
        let error = |at: RefundField| typed.as_ref().and_then(|(_, problem)| problem.of(at));
        let currency = left.currency().code();
        let remaining = in_english(left);
        let limit = forms.limit.map(|limit| format!(" Your role refunds up to {} at once.", in_english(limit)));
        let hint = format!("{remaining} is left to refund.{}", limit.unwrap_or_default());
        let amount = typed.as_ref().map_or_else(|| left.major(), |(typed, _)| typed.amount.clone());
        let reason = typed.as_ref().map_or_else(String::new, |(typed, _)| typed.reason.clone());
        view! {
            <form method="post" action=action class="narrow" data-left=left.major()>
                {payment_id.map(|id| view! {
                    <p>"Payment "<code>{id.clone()}</code></p>
                    <input type="hidden" name="payment_id" value=id/>
                })}
                <input type="hidden" name="name" value=forms.name.clone()/>
                <OfficeField of=of.clone() name="amount" label=format!("Amount in {currency}") inputmode=Some("decimal") value=amount
                    hint=Some(hint) error=error(RefundField::Amount) required=true/>
                <OfficeField of=of.clone() name="reason" label="Reason" value=reason error=error(RefundField::Reason) required=true
                    hint="Kept with the refund, and sent to the platform".to_owned()/>
                <ConfirmField of=of has_second_factor=forms.has_second_factor error=error(RefundField::Confirmation)/>
                <button>"Refund"</button>
            </form>
        }
    }
}

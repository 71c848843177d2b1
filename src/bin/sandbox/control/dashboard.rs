//! ACT: what somebody does at the platform's Dashboard, past the shop: gives money back, pays out. By the rules of Gate.

use std::sync::Arc;

use crate::{
    acts::{payout, refund},
    control::{json_object, payments::in_full, refusal::Refusal},
    ledger::{Transaction, payments::by_payment_id},
    payments::{
        fields::Fields,
        payment::{NewPayment, PaymentType},
    },
    running::{chance, settings::http_address},
    sandbox::Sandbox,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::Value;
use storefront::platform::Method;

/// The description of a refund, and the customer's name where a payout gives none.
const DASHBOARD: &str = "Dashboard";
/// The account of a payout that names none.
const SOME_ACCOUNT: &str = "09123456789";

/// How much is given back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedRefund {
    /// Minor units. `None`: all that is left.
    amount: Option<u64>,
}

/// How much is paid out, and to whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedPayout {
    /// `None`: a new one.
    payment_id: Option<String>,
    customer_id: String,
    /// Minor units.
    amount: u64,
    account_number: Option<String>,
    customer_name: Option<String>,
    /// Where its callbacks go. `None`: to `CALLBACK_URL`.
    callback_url: Option<String>,
}

/// `POST /control/payments/{payment_id}/refund`. It is decided shortly after the answer.
pub async fn refund(
    State(sandbox): State<Arc<Sandbox>>,
    Path(payment_id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let WantedRefund { amount } = json_object::read(&body)?;
    if amount == Some(0) {
        return Err(Refusal::bad_request("amount: minor units, from 1"));
    }
    let act = move |tx: &Transaction, sandbox: &Sandbox| {
        let payment = by_payment_id(tx, &payment_id)?.ok_or_else(|| Refusal::unknown_payment(&payment_id))?;
        let wanted = refund::NewRefund {
            part: amount.map(|amount| (amount, payment.currency)),
            description: DASHBOARD.to_owned(),
            merchant_refund_id: None,
            callback_url: None,
        };
        refund::begin(tx, sandbox, &payment, wanted)?;
        in_full(tx, &payment_id)
    };
    sandbox.act(act).await.map(Json)
}

/// `POST /control/payouts`. It is decided shortly after the answer.
pub async fn pay_out(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let new = new_payout(json_object::read(&body)?)?;
    let act = move |tx: &Transaction, sandbox: &Sandbox| {
        let payment_id = new.payment_id.clone();
        payout::begin(tx, sandbox, new)?;
        in_full(tx, &payment_id)
    };
    sandbox.act(act).await.map(Json)
}

fn new_payout(wanted: WantedPayout) -> Result<NewPayment, Refusal> {
    let paying = Method::ALL.into_iter().find_map(|method| Some((method, method.rules().gate.payout.as_ref()?)));
    let (method, rules) = paying.ok_or_else(|| Refusal::bad_request("no method pays out"))?;
    if !(rules.minimum..=rules.maximum).contains(&wanted.amount) {
        return Err(Refusal::bad_request(format!("amount: minor units, {} to {}", rules.minimum, rules.maximum)));
    }
    if wanted.callback_url.as_deref().is_some_and(|url| http_address(url).is_none()) {
        return Err(Refusal::bad_request("callback_url: an http or https address"));
    }
    Ok(NewPayment {
        payment_id: wanted.payment_id.unwrap_or_else(|| format!("dashboard-{}", chance::address_key())),
        payment_type: PaymentType::Payout,
        method,
        amount: wanted.amount,
        currency: method.rules().currency,
        fields: Fields::of([
            ("customer_id", Some(&wanted.customer_id)),
            ("customer_account_number", Some(wanted.account_number.as_deref().unwrap_or(SOME_ACCOUNT))),
            ("customer_account_name", Some(wanted.customer_name.as_deref().unwrap_or(DASHBOARD))),
            ("merchant_callback_url", wanted.callback_url.as_deref()),
        ]),
        gate_origin: None,
    })
}

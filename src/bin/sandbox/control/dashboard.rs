//! What somebody at the platform's Dashboard does, past the shop: gives money back, pays out. By the rules of Gate.

use std::sync::Arc;

use crate::{
    control::{
        Refusal, json_object,
        payments::{PaymentInFull, in_full},
    },
    gate::{Refused, payout, refund},
    ledger::{Transaction, payments::by_payment_id},
    look::error::PageError,
    payments::payment::{NewPayment, PaymentType},
    running::{chance, settings::http_address},
    sandbox::Sandbox,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use storefront::platform::Method;

/// What a refund says of itself, and a payout that names nobody.
const DASHBOARD: &str = "Dashboard";

/// How much is given back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedRefund {
    /// Minor units. `None`: all that is left.
    amount: Option<u64>,
}

/// To whom how much is paid out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedPayout {
    /// `None`: a new one.
    payment_id: Option<String>,
    customer_id: String,
    /// Minor units.
    amount: u64,
    #[serde(default = "some_account")]
    account_number: String,
    #[serde(default = "some_name")]
    customer_name: String,
    /// Where its callbacks go. `None`: to `CALLBACK_URL`.
    callback_url: Option<String>,
}

fn some_account() -> String {
    "09123456789".to_owned()
}

fn some_name() -> String {
    DASHBOARD.to_owned()
}

/// `POST /control/payments/{payment_id}/refund`. It is decided shortly after the answer.
pub async fn refund(
    State(sandbox): State<Arc<Sandbox>>,
    Path(payment_id): Path<String>,
    body: Bytes,
) -> Result<Json<PaymentInFull>, Refusal> {
    let WantedRefund { amount } = json_object::read(&body)?;
    if amount == Some(0) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "amount: minor units, from 1"));
    }
    let act = move |tx: &Transaction, sandbox: &Sandbox| {
        let payment = by_payment_id(tx, &payment_id)?.ok_or_else(|| Refusal::unknown_payment(&payment_id))?;
        let wanted = refund::Wanted {
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
pub async fn pay_out(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Json<PaymentInFull>, Refusal> {
    let new = payout(json_object::read(&body)?)?;
    let act = move |tx: &Transaction, sandbox: &Sandbox| {
        let payment_id = new.payment_id.clone();
        payout::begin(tx, sandbox, new)?.ok_or(Refused::PaymentExists)?;
        in_full(tx, &payment_id)
    };
    sandbox.act(act).await.map(Json)
}

fn payout(wanted: WantedPayout) -> Result<NewPayment, Refusal> {
    let wrong = |reason: String| Refusal::new(StatusCode::BAD_REQUEST, reason);
    let paying = Method::ALL.into_iter().find_map(|method| Some((method, method.rules().gate.payout.as_ref()?)));
    let (method, rules) = paying.ok_or_else(|| wrong("no method pays out".to_owned()))?;
    if !(rules.minimum..=rules.maximum).contains(&wanted.amount) {
        return Err(wrong(format!("amount: minor units, {} to {}", rules.minimum, rules.maximum)));
    }
    if wanted.callback_url.as_deref().is_some_and(|url| http_address(url).is_none()) {
        return Err(wrong("callback_url: an http or https address".to_owned()));
    }
    let fields = [
        ("customer_id", Some(wanted.customer_id)),
        ("customer_account_number", Some(wanted.account_number)),
        ("customer_account_name", Some(wanted.customer_name)),
        ("merchant_callback_url", wanted.callback_url),
    ];
    Ok(NewPayment {
        payment_id: wanted.payment_id.unwrap_or_else(|| format!("dashboard-{}", chance::address_key())),
        payment_type: PaymentType::Payout,
        method,
        amount: wanted.amount,
        currency: method.rules().currency,
        fields: fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
        gate_origin: None,
    })
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Broken(error) => PageError::from(error).into(),
            refused => Self::new(StatusCode::CONFLICT, refused.to_string()),
        }
    }
}

//! Callbacks as the platform sends them: of a successful payment by Bancontact, about 1.5 kB, signed with the project's key.

use super::customers::Payment;
use super::http::Request;
use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use hyper::http::Method;
use serde_json::{Value, json};
use sha2::Sha512;

pub const PROJECT_ID: u32 = 3100;
pub const PROJECT_SECRET: &str = "bench-project-secret";

const DATE: &str = "2026-11-22T10:44:49+0000";

/// A callback to this path of a server that says that a payment succeeded. `number` is different for each callback.
pub fn success(path: &str, payment: &Payment, number: usize) -> Request {
    Request {
        method: Method::POST,
        path: path.to_owned(),
        content_type: "application/json",
        cookie: String::new(),
        forwarded_for: None,
        body: body(payment, number),
    }
}

fn body(payment: &Payment, number: usize) -> Bytes {
    let amount: u64 = payment.parameter("payment_amount").parse().unwrap_or(0);
    let sum = json!({ "amount": amount, "currency": payment.parameter("payment_currency") });
    let mut callback = json!({
        "project_id": PROJECT_ID,
        "payment": {
            "id": payment.parameter("payment_id"), "type": "purchase", "status": "success", "date": DATE,
            "method": "bancontact", "sum": sum, "description": payment.parameter("payment_description"),
        },
        "account": { "number": "BE68****7034", "type": "bancontact", "card_holder": "A. Peeters", "bank_name": "Bank of the Quay" },
        "customer": {
            "id": payment.parameter("customer_id"), "email": payment.parameter("customer_email"), "last_name": "Peeters",
            "phone": "3225550100", "ip_address": "198.51.100.7", "country": "BE",
            "billing": { "country": "BE", "city": "Antwerpen", "postal": "2000", "address": "Kaai 12" },
        },
        "operation": {
            "id": 37_493_000_000_000_usize + number, "type": "sale", "status": "success", "date": DATE, "created_date": DATE,
            "request_id": format!("7e08d48c4f5da3692b65e5426f44ed36896e569c-4bb39ad1f2a3-{number:08}"),
            "sum_initial": sum, "sum_converted": sum, "code": "0", "message": "Success", "eci": "05",
            "provider": {
                "id": 1241, "payment_id": format!("prv-{number:012}"), "auth_code": "", "endpoint_id": 1241, "date": DATE,
            },
        },
    });
    callback["signature"] = signature(&callback).into();
    callback.to_string().into()
}

/// HMAC-SHA512 over `path:value` pairs. The names above have neither digits nor spaces, so the order of their bytes is the
/// platform's order.
fn signature(callback: &Value) -> String {
    let mut pairs = Vec::new();
    flatten("", callback, &mut pairs);
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(path, value)| format!("{path}:{value}")).collect();
    let mac = Hmac::<Sha512>::new_from_slice(PROJECT_SECRET.as_bytes()).map(|mac| mac.chain_update(pairs.join(";")));
    mac.map_or_else(|_| String::new(), |mac| STANDARD.encode(mac.finalize().into_bytes()))
}

fn flatten(path: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            let colon = if path.is_empty() { "" } else { ":" };
            members.iter().for_each(|(name, value)| flatten(&format!("{path}{colon}{name}"), value, pairs));
        }
        Value::String(text) => pairs.push((path.to_owned(), text.clone())),
        other => pairs.push((path.to_owned(), other.to_string())),
    }
}

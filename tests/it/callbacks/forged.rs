//! One key signs both directions: nothing that the shop signs may pass as a callback.
//! Whoever sees a checkout's address knows its parameters and a valid signature, and may build a body of any shape from them.

use serde_json::{Map, Value, json};

use crate::kit::{Purchase, TestShop};

const HOSTILE_NAMES: [&str; 12] = [
    "A:b",
    "payment:id:1",
    "payment:status:success",
    "{\"payment\":{\"id\":1}}",
    "\"}],\"payment\":{\"id\":\"1\",\"status\":\"success\"}",
    "a\\u003bpayment:id:1",
    "%3Bpayment:id:1%3B",
    "O'Neil \"the\" <b>",
    "😀👩‍👩‍👧",
    "：payment：id",
    "；payment:id:1；payment:status:success",
    "signature:x",
];

#[tokio::test]
async fn nothing_the_shop_ever_signed_passes_as_a_callback() {
    let shop = TestShop::start().await;
    let long = "payment:id:".repeat(9);
    for name in HOSTILE_NAMES.into_iter().chain([long.as_str()]) {
        let customer = shop.customer();
        customer.shops_in("BE").await;
        customer.puts_in_cart("flax-twine", 1).await;
        let purchase = customer.checks_out("bancontact", "maria@example.com", name).await;
        // What is not seen is not sent.
        assert_eq!(purchase.parameter("customer_last_name"), name.replace('\u{200d}', ""));
        let bodies = readings(&purchase);
        // The danger is real: the plainest reading carries a signature that holds.
        assert_eq!(shop.command(&["verify"], &bodies[0]).stdout, "refused: not_a_callback\n");
        for body in &bodies {
            assert_eq!(shop.receives(body.clone()).await, 400, "{body}");
        }
        for body in bodies.iter().step_by(23) {
            let said = shop.command(&["verify"], body);
            assert!(said.code == 1 && said.stdout.starts_with("refused: "), "{said:?} {body}");
        }
        assert_eq!(shop.status_of(&purchase).await, "none", "{name}");
    }
    assert!(shop.kept_callbacks().await.is_empty());
}

#[tokio::test]
async fn a_name_that_could_forge_a_parameter_is_never_signed() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 1).await;
    for name in ["A;payment:id:1", "A;payment_amount:1", ";;;", "A\u{37e}payment_amount:1"] {
        for email in ["a@b.be", "a@b.be;payment:id:1"] {
            let page = customer.presses_pay("bancontact", email, name).await;
            assert_eq!((page.status, page.location()), (422, None), "{name:?}");
        }
    }
    assert!(shop.orders().await.is_empty());
}

/// Every way we know to make one JSON body of parameters and signature; the first is the plainest.
fn readings(purchase: &Purchase) -> Vec<String> {
    let mut parameters: Vec<(String, String)> = purchase.parameters.clone().into_iter().collect();
    parameters.retain(|(name, _)| name != "signature");
    let signature = json!(purchase.parameter("signature"));
    let flat = |numbers: bool| object(parameters.iter().map(|(name, value)| (name.clone(), leaf(value, numbers))));
    let nested = |numbers: bool| {
        let mut root = json!({});
        for (name, value) in &parameters {
            let mut path: Vec<&str> = value.split(':').collect();
            let value = path.pop().unwrap_or_default();
            put(&mut root, name, &path, leaf(value, numbers));
        }
        root
    };
    let mut bodies = Vec::new();
    for document in [flat(false), flat(true), nested(false), nested(true)].into_iter().chain(swallowing(&parameters)) {
        for renamed in [0, 1, 2, 3].map(|way| with_payment(document.clone(), way)) {
            let mut top = renamed.clone();
            top["signature"] = signature.clone();
            let mut general = renamed;
            general["general"] = json!({ "signature": signature });
            bodies.extend([top, general].map(|body| body.to_string()));
        }
    }
    bodies
}

/// Documents in which one name or value swallows the joints of its neighbours, in the order they are signed.
fn swallowing(parameters: &[(String, String)]) -> Vec<Value> {
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    let joined = |from: usize, to: usize| pairs[from..to].join(";");
    let mut documents = Vec::new();
    for (from, to) in (0..pairs.len() - 1).map(|from| (from, from + 2)).chain([(0, pairs.len())]) {
        let text = joined(from, to);
        let others = parameters[..from].iter().chain(&parameters[to..]).map(|(name, value)| (name.clone(), leaf(value, false)));
        let split = |text: &str, at: Option<usize>| at.map(|at| (text[..at].to_owned(), json!(text[at + 1..])));
        // The first name takes all as its value; or all but the last value become a name; or a level of names.
        let first = split(&text, text.find(':'));
        let last = split(&text, text.rfind(':'));
        documents.extend([first.clone(), last].into_iter().flatten().map(|member| object(others.clone().chain([member]))));
        if let Some((name, value)) = first {
            let value = value.as_str().unwrap_or_default().to_owned();
            let below = split(&value, value.rfind(':')).map(|member| object([member]));
            documents.extend(below.map(|below| object(others.clone().chain([(name, below)]))));
        }
    }
    documents
}

/// The members a callback needs, where they are not signed or leave no trace in what is.
fn with_payment(mut document: Value, way: usize) -> Value {
    let payment = json!({ "id": document["payment_id"], "status": "success" });
    match way {
        1 => document["payment"] = json!({ "signature": payment }),
        2 => {
            document["frame_mode"] = json!({ "payment": payment });
            document["payment"] = json!({ "frame_mode": payment });
        }
        3 => document["payment"] = json!({ "id": [], "status": {}, "sum": { "amount": [] } }),
        _ => {}
    }
    document
}

fn object(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(members.into_iter().collect::<Map<_, _>>())
}

/// Signed alike, as text or as number.
fn leaf(value: &str, numbers: bool) -> Value {
    match value.parse::<i64>() {
        Ok(number) if numbers && number.to_string() == value => json!(number),
        _ => json!(value),
    }
}

/// Puts a leaf below a path of names.
fn put(root: &mut Value, name: &str, path: &[&str], leaf: Value) {
    match path {
        [] => root[name] = leaf,
        [next, rest @ ..] => {
            let mut below = json!({});
            put(&mut below, next, rest, leaf);
            root[name] = below;
        }
    }
}

//! Properties of what is signed: nothing we sign can be read as something else, and our signer is the documented one.

use std::{cmp::Ordering, collections::BTreeMap};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::protocol::{
    callback::VerifiedCallback,
    parameters::{self, Parameter, ParameterKind},
    payment_page::{self, PaymentPage, PaymentPageUrl, Purchase},
    signed::{
        document_limits::Limits,
        json::Json,
        signature::{Key, string_to_sign},
    },
};
use url::Url;

fn key() -> Key {
    Key::new(&SecretString::from("a key")).expect("a key")
}

fn parsed(document: &Value) -> Json {
    Json::parse_object(document.to_string().as_bytes()).expect("an object")
}

/// Text of all kinds, rich in what joins paths and values, and in what looks like parameters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9 ]{0,6}",
        2 => prop_oneof![Just(":"), Just(";"), Just("::"), Just(";;"), Just("="), Just("&"), Just("%3B"), Just("\u{ff1b}")].prop_map(str::to_owned),
        2 => prop_oneof![Just("payment_amount:1"), Just("customer_id:"), Just(";customer_email:a"), Just("project_id")].prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// One documented parameter and a value to try.
fn setting() -> impl Strategy<Value = (Parameter, String, u64)> {
    (prop::sample::select(parameters::ALL), text(), any::<u64>())
}

type Wanted = (u64, String, u64, Vec<(Parameter, String, u64)>);

fn wanted() -> impl Strategy<Value = Wanted> {
    (0..3_u64, text(), 0..3_u64, prop::collection::vec(setting(), 0..6))
}

/// What is sent, and the string that was signed; nothing if the builder refuses.
fn signed((project_id, customer_id, payment_amount, settings): &Wanted) -> Option<(BTreeMap<String, String>, String)> {
    let purchase = Purchase {
        project_id: *project_id,
        payment_id: "p",
        payment_amount: *payment_amount,
        payment_currency: "EUR",
        customer_id,
    };
    let mut page = PaymentPage::purchase(purchase).ok()?;
    for (parameter, text, number) in settings {
        page = match parameter.kind {
            ParameterKind::Text(_) => page.text(*parameter, text),
            ParameterKind::Integer => page.integer(*parameter, *number),
            ParameterKind::Flag => page.flag(*parameter, number % 2 == 0),
        }
        .ok()?;
    }
    let base = PaymentPageUrl::parse("https://pay.example").expect("a base");
    let signed = payment_page::signed(page.fields(), &key()).ok()?;
    let address = Url::parse(&payment_page::address(&base, &signed)).expect("an address");
    let mut sent: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    let signature = sent.remove("signature").expect("a signature");
    let document = parsed(&json!(sent));
    assert_eq!(key().sign(&document).as_deref(), Ok(signature.as_str()), "what is sent is what was signed");
    // The platform does not sign this one.
    sent.remove("frame_mode");
    Some((sent, string_to_sign(&document).expect("signed above")))
}

/// A second reading of one set's parameters: a neighbour's joint is moved into a value.
fn forged(wanted: &Wanted, at: prop::sample::Index) -> Wanted {
    let mut forged = wanted.clone();
    if forged.3.len() > 1 {
        let (parameter, value, _) = forged.3.remove(at.index(forged.3.len()));
        let target = at.index(forged.3.len());
        forged.3[target].1 = format!("{};{}:{value}", forged.3[target].1, parameter.name);
    }
    forged
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::String),
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        Just(Value::Null),
    ];
    // Names that PHP keeps as they are; digits inside are what natural order is about.
    let name = "[a-zA-Z_ :.][a-zA-Z0-9_ :;.-]{0,5}|[a-c][0-9]{1,4}|frame_mode";
    let value = leaf.prop_recursive(3, 40, 14, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..14).prop_map(Value::Array),
            prop::collection::btree_map(name, inner, 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(name, value, 0..8).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// The documented algorithm once more, without a look at ours: flatten, sort, join.
fn expected_string(document: &Value) -> String {
    let mut pairs = Vec::new();
    flatten(String::new(), document, &mut pairs);
    pairs.sort_by(|a, b| natural(&a.0, &b.0));
    pairs.iter().map(|(path, value)| format!("{path}:{value}")).collect::<Vec<_>>().join(";")
}

fn flatten(path: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}:{name}") };
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| *name != "frame_mode") {
                flatten(below(&name.replace(':', "::")), value, pairs);
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| flatten(below(&index.to_string()), item, pairs)),
        Value::Null => pairs.push((path, String::new())),
        Value::Bool(flag) => pairs.push((path, if *flag { "1" } else { "0" }.to_owned())),
        Value::Number(number) => pairs.push((path, number.to_string())),
        Value::String(text) => pairs.push((path, text.clone())),
    }
}

/// C's `strnatcmp`, by index, for names that begin with no digit.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let at = |text: &[u8], index: usize| text.get(index).copied().unwrap_or(0);
    let space = |byte: u8| byte == b' ' || (9..=13).contains(&byte);
    let run = |text: &[u8], from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while space(at(a, i)) {
            i += 1;
        }
        while space(at(b, j)) {
            j += 1;
        }
        if at(a, i).is_ascii_digit() && at(b, j).is_ascii_digit() {
            let (left, right) = (&a[i..i + run(a, i)], &b[j..j + run(b, j)]);
            let fraction = left[0] == b'0' || right[0] == b'0';
            let order = if fraction { left.cmp(right) } else { left.len().cmp(&right.len()).then(left.cmp(right)) };
            if order != Ordering::Equal {
                return order;
            }
            i += left.len();
            j += right.len();
            if i >= a.len() || j >= b.len() {
                return (i < a.len()).cmp(&(j < b.len()));
            }
        }
        if at(a, i) != at(b, j) {
            return at(a, i).cmp(&at(b, j));
        }
        i += 1;
        j += 1;
        if i >= a.len() || j >= b.len() {
            return (i < a.len()).cmp(&(j < b.len()));
        }
    }
    Ordering::Equal
}

/// Every value of a document changed by one byte, one at a time.
fn changed_by_a_byte(document: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match document {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| *name != "signature" && *name != "frame_mode") {
                all.extend(changed_by_a_byte(value).into_iter().map(|changed| {
                    let mut members = members.clone();
                    members.insert(name.clone(), changed);
                    Value::Object(members)
                }));
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                all.extend(changed_by_a_byte(value).into_iter().map(|changed| {
                    let mut items = items.clone();
                    items[index] = changed;
                    Value::Array(items)
                }));
            }
        }
        Value::String(text) => {
            all.push(json!(format!("{text}x")));
            all.push(json!(format!("x{text}")));
            let mut characters = text.chars();
            if characters.next_back().is_some() {
                all.push(json!(characters.as_str()));
            }
        }
        Value::Number(number) => all.push(json!(number.as_i64().map_or(0, |number| number ^ 1))),
        Value::Bool(flag) => all.push(json!(!flag)),
        Value::Null => all.push(json!("x")),
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_different_parameter_sets_never_share_a_string(a in wanted(), b in wanted(), at in any::<prop::sample::Index>()) {
        let all: Vec<_> = [forged(&a, at), a, b].iter().filter_map(signed).collect();
        for (number, (sent, string)) in all.iter().enumerate() {
            for (other, other_string) in &all[number + 1..] {
                prop_assert_eq!(sent == other, string == other_string, "{:?} {:?} {}", sent, other, string);
            }
        }
    }

    #[test]
    fn the_signed_string_reads_back_as_the_parameters_that_were_signed(a in wanted()) {
        if let Some((sent, string)) = signed(&a) {
            let read: BTreeMap<String, String> =
                string.split(';').filter_map(|pair| pair.split_once(':')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            prop_assert_eq!(read, sent);
        }
    }

    #[test]
    fn what_signing_costs_is_known_before_anything_is_made(document in document()) {
        let counted = Json::parse_within(&Limits::DOCUMENT, document.to_string().as_bytes()).expect("an object");
        let text = string_to_sign(&counted.object).expect("names that can be signed");
        prop_assert!(text.len() <= counted.signed_bytes, "{} {}", text.len(), counted.signed_bytes);
    }

    #[test]
    fn the_signer_is_the_documented_one(document in document()) {
        let expected = expected_string(&document);
        prop_assert_eq!(string_to_sign(&parsed(&document)), Ok(expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_signed_is_accepted_and_any_changed_byte_is_refused(mut document in document(), id in "[a-zA-Z0-9]{1,10}") {
        document["payment"] = json!({ "id": id, "status": "success", "sum": { "amount": 100, "currency": "EUR" } });
        let signature = key().sign(&parsed(&document)).expect("signed");
        let with_signature = |mut document: Value| {
            document["signature"] = json!(signature);
            document.to_string()
        };
        let accepted = VerifiedCallback::verify(with_signature(document.clone()).as_bytes(), &[key()]);
        prop_assert!(accepted.is_ok(), "{:?}", accepted);
        for changed in changed_by_a_byte(&document) {
            let body = with_signature(changed);
            prop_assert!(VerifiedCallback::verify(body.as_bytes(), &[key()]).is_err(), "{}", body);
        }
    }

    #[test]
    fn any_changed_character_of_the_signature_is_refused(document in document(), at in 0..86_usize, to in "[A-Za-z0-9+/=]") {
        let mut document = document;
        document["payment"] = json!({ "id": "1", "status": "success" });
        let signature = key().sign(&parsed(&document)).expect("signed");
        let mut changed = signature.clone();
        changed.replace_range(at..=at, &to);
        document["signature"] = json!(changed);
        let verified = VerifiedCallback::verify(document.to_string().as_bytes(), &[key()]);
        prop_assert_eq!(verified.is_ok(), changed == signature, "{} {}", signature, changed);
    }
}

/// A callback of few members, read and unread ones side by side in natural order, whose texts are rich in what looks like members.
fn small_callback() -> impl Strategy<Value = Value> {
    let piece = prop::sample::select(vec![
        "a",
        "1",
        ":",
        ";",
        "::",
        ";b:c",
        ";payment:id:q",
        ";payment:status:x",
        ";payment:stat:y",
        ";operation:type:z",
        ";operation;type:z",
        ";project_id:9",
        ";zeta:w",
    ]);
    let text = prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat());
    let plain = prop_oneof![3 => "[ab]{1,2}", 1 => text.clone()];
    let maybe = || prop::option::of(text.clone().prop_map(Value::String));
    // A level where a value belongs.
    let kind = prop_oneof![4 => maybe(), 1 => text.clone().prop_map(|text| Some(json!({ "a": text })))];
    (plain.clone(), plain, maybe(), kind, maybe(), maybe(), maybe()).prop_map(|(id, status, stat, kind, beside, first, last)| {
        let mut document = json!({ "payment": { "id": id, "status": status }, "operation": {} });
        for (object, name, value) in [
            ("payment", "stat", stat),
            ("operation", "type", kind),
            ("operation", "typ", beside),
            ("", "a", first),
            ("", "zeta", last),
        ] {
            let holder = if object.is_empty() { Some(&mut document) } else { document.get_mut(object) };
            if let (Some(value), Some(holder)) = (value, holder) {
                holder[name] = value;
            }
        }
        document
    })
}

/// Puts a value where a path of the text to sign leads. `None`: something stands in its way.
fn put(document: &mut Value, path: &str, value: &str) -> Option<()> {
    let names: Vec<String> = path.replace("::", "\u{1}").split(':').map(|name| name.replace('\u{1}', ":")).collect();
    let (last, levels) = names.split_last()?;
    let holder = levels
        .iter()
        .try_fold(document, |value, name| value.as_object_mut().map(|at| at.entry(name.as_str()).or_insert(json!({}))))?;
    let before = holder.as_object_mut()?.insert(last.clone(), json!(value));
    before.is_none().then_some(())
}

/// Another document of the same text, if these choices make one: which `;` join pairs, and which `:` ends each path.
fn another_reading(text: &str, mut choose: impl FnMut(usize) -> usize) -> Option<Value> {
    let mut pairs: Vec<String> = Vec::new();
    for part in text.split(';') {
        match pairs.last_mut() {
            Some(pair) if choose(3) == 0 => *pair = format!("{pair};{part}"),
            _ => pairs.push(part.to_owned()),
        }
    }
    let mut document = json!({});
    for pair in pairs {
        let colons: Vec<usize> = pair.match_indices(':').map(|(at, _)| at).collect();
        let at = *colons.get(choose(colons.len().max(1)))?;
        put(&mut document, &pair[..at], &pair[at + 1..])?;
    }
    let read = Json::parse_object(document.to_string().as_bytes()).ok()?;
    (string_to_sign(&read).as_deref() == Ok(text)).then_some(document)
}

/// What decides: project, payment, status, operation.
fn decisive(callback: &VerifiedCallback) -> [Option<String>; 4] {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let project = Some(callback.project().to_string()).filter(|project| project != "no project");
    [project, text(callback.payment_id()), text(callback.payment_status()), text(callback.operation_type())]
}

#[test]
fn no_other_reading_of_an_undoubted_callback_tells_something_else() {
    let mut runner = TestRunner::deterministic();
    let (mut undoubted, mut others) = (0, 0);
    for _ in 0..3_000 {
        let document = small_callback().new_tree(&mut runner).expect("a document").current();
        let signature = key().sign(&parsed(&document)).expect("a signature");
        let verified = |mut document: Value| {
            document["signature"] = json!(signature);
            VerifiedCallback::verify(document.to_string().as_bytes(), &[key()]).expect("the same text has the same signature")
        };
        let callback = verified(document.clone());
        if callback.payment_status().is_none() || callback.ambiguity().is_some() {
            continue;
        }
        undoubted += 1;
        let text = string_to_sign(&parsed(&document)).expect("names that can be signed");
        for _ in 0..60 {
            let choose = |count: usize| (0..count).new_tree(&mut runner).expect("a number").current();
            let Some(other) = another_reading(&text, choose).filter(|other| *other != document) else { continue };
            others += 1;
            for (told, ours) in decisive(&verified(other.clone())).into_iter().zip(decisive(&callback)) {
                let agrees = match (&told, &ours) {
                    (None, _) => true,
                    (Some(told), Some(ours)) => told == ours || told.starts_with(&format!("{ours};")),
                    (Some(_), None) => false,
                };
                assert!(agrees, "{document} is not doubted, and {other} tells {told:?} instead of {ours:?}");
            }
        }
    }
    assert!(undoubted > 500 && others > 500, "{undoubted} callbacks, {others} other readings");
}

//! Signed callbacks of kinds that this shop does not use, and signed callbacks with members that it does not read.

use serde_json::{Value, json};
use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{Callback, Purchase, TestShop, as_shown, signature_of, signed};

/// Each as its own text, in the platform's own shapes.
fn of_kinds_nobody_uses(purchase: &Purchase) -> Vec<(&'static str, Value)> {
    let id = purchase.payment_id();
    vec![
        (
            "a token",
            json!({ "general": { "project_id": 3000 }, "customer": { "id": "c-77" },
                    "request": { "action": "tokenize", "errors": [], "id": "77aa-00000001", "status": "success" },
                    "token": "0123456789abcdef".repeat(4), "token_status": "active", "token_created_at": "2026-11-27T08:00:00+0000",
                    "card": { "number": "400000******0077", "exp_month": "12", "exp_year": "2029", "holder": "ANA CRUZ" } }),
        ),
        (
            "a series",
            json!({ "project_id": 3000, "recurring": { "id": 9001, "status": "active", "type": "R", "currency": "EUR",
                    "exp_year": 2029, "exp_month": 12, "period": "M", "time": "10:00:00" } }),
        ),
        (
            "a redirect alone",
            json!({ "payment": { "id": id },
                    "redirectData": { "method": "GET", "body": [], "encrypted": [], "url": "https://provider.example/pay?x=1" } }),
        ),
        ("a payment without a status", json!({ "project_id": 3000, "payment": { "id": id } })),
        ("a payment whose status is a number", json!({ "project_id": 3000, "payment": { "id": id, "status": 1 } })),
        ("a payment without an id", Callback::sale(purchase, "success").without("/payment/id").0),
        ("a payment with an empty id", Callback::sale(purchase, "success").with("/payment/id", json!("")).0),
        ("a payment that is a list", Callback::sale(purchase, "success").with("/payment", json!([1])).0),
        (
            "money of a payment that is not ours",
            Callback::sale(purchase, "success").without("/payment/status").with("/payment/id", json!("z")).0,
        ),
        ("another project's token", json!({ "project_id": 3001, "token": "a", "token_status": "active" })),
        ("nothing of anything", json!({ "note": "x" })),
    ]
}

#[tokio::test]
async fn a_true_callback_of_a_kind_nobody_uses_is_kept_and_answered_200() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let kinds = of_kinds_nobody_uses(&purchase);
    for (name, document) in &kinds {
        let body = signed(&document.to_string(), PROJECT_SECRET);
        assert_eq!(shop.receives(body.clone()).await, 200, "{name}");
        assert_eq!(shop.receives(body.clone()).await, 200, "{name}, again");
        let said = shop.command(&["verify"], &body);
        assert_eq!((said.code, said.stdout.trim()), (0, "accepted"), "{name}");
        let kept = shop.kept_callbacks().await.pop().expect("it was kept");
        assert_eq!((kept.deliveries, kept.verdict.as_str()), (2, "not used"), "{name}");
        assert!(shop.folder.database_holds(&body), "{name}: kept byte for byte");
    }
    assert_eq!(shop.kept_callbacks().await.len(), kinds.len());
    assert_eq!(shop.open_cases(), [], "none of them is for a person");
    assert_eq!(shop.status_of(&purchase).await, "none");
}

#[tokio::test]
async fn one_that_may_be_about_money_of_this_shop_waits_for_a_person() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    for (name, callback) in [
        ("a refund without the payment's status", Callback::refund(&purchase, "", "success", 1000).without("/payment/status")),
        ("a sum without a status", Callback::sale(&purchase, "success").without("/payment/status").without("/operation")),
        ("a status that is a number", Callback::sale(&purchase, "success").with("/payment/status", json!(1))),
    ] {
        assert_eq!(shop.receives(callback.signed()).await, 200, "{name}");
        let [case] = &shop.open_cases()[..] else { panic!("{name}: one case") };
        assert_eq!((case.kind.as_str(), case.payment_id.as_str()), ("unused callback", purchase.payment_id()), "{name}");
        assert_eq!(shop.command(&["cases", "accept", &case.id], "").code, 2, "{name}: there is nothing it could move");
        assert_eq!(shop.command(&["cases", "dismiss", &case.id, "--reason", "looked"], "").code, 0, "{name}");
        assert_eq!(shop.open_cases(), [], "{name}");
    }
    assert_eq!(shop.status_of(&purchase).await, "success");
}

/// Members that hold what could be read in two ways, none of them a member that is read.
const UNREAD: [(&str, &str); 10] = [
    ("a fraction", r#""score": 0.13"#),
    ("a whole number written as a fraction", r#""score": 1.0"#),
    ("a number beyond 2^53", r#""score": 9007199254740993"#),
    ("a number beyond 64 bits", r#""score": 9223372036854775808"#),
    ("a semicolon in a value", r#""note": "Pee;ters; 5:6;note:x""#),
    ("semicolons before something like a member", r#""note": "a;payments:status:decline;payment_status:x;xpayment:status:x""#),
    ("a colon in a name", r#""payment:note": "x""#),
    ("a read member's path as one name", r#""payment:status": "decline""#),
    ("a semicolon in a name", r#""a;b": "x""#),
    ("a member of a list", r#""list": [{ "note": "a;b", "payment": { "status": "x;y" } }]"#),
];

fn with_member(purchase: &Purchase, member: &str) -> String {
    let body = Callback::sale(purchase, "success").0.to_string();
    signed(&body.replacen('{', &format!("{{{member},"), 1), PROJECT_SECRET)
}

#[tokio::test]
async fn what_nobody_reads_is_no_reason_to_doubt() {
    let shop = TestShop::start().await;
    for (name, member) in UNREAD {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        let body = with_member(&purchase, member);
        assert_eq!(shop.command(&["verify"], &body).stdout.trim(), "accepted", "{name}");
        assert_eq!(shop.receives(body).await, 200, "{name}");
        assert_eq!(shop.status_of(&purchase).await, "success", "{name}");
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn what_could_hide_or_forge_a_member_that_is_read_waits_for_a_person() {
    let shop = TestShop::start().await;
    let doubtful = |purchase: &Purchase, member: &str| with_member(purchase, member);
    for (name, member) in [
        ("another status in a value", r#""note": "x;payment:status:decline""#),
        ("another status far inside a value", r#""note": "x;y;z;payment:status:decline;a""#),
        ("another operation", r#""customer": { "name": "x;operation:type:refund" }"#),
        ("another project", r#""note": ";project_id:3001""#),
        ("another project in general", r#""note": ";general:project_id:3001""#),
        ("an operation of a status answer", r#""note": ";operations:12:status:decline""#),
        ("another page to be sent to", r#""note": "x;redirect_data:url:https://evil.example""#),
        ("a name that ends another member", r#""note;payment": { "status": "decline" }"#),
    ] {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        let body = match member.starts_with(r#""customer""#) {
            true => Callback::sale(&purchase, "success").with("/customer/name", json!("x;operation:type:refund")).signed(),
            false => doubtful(&purchase, member),
        };
        waits(&shop, &purchase, name, body).await;
    }
    for (name, pointer, value) in [
        ("a semicolon in a status", "/payment/status", json!("success;x")),
        ("a semicolon in a method", "/payment/method", json!("bancontact;x")),
        ("a semicolon in an operation's id", "/operation/request_id", json!("r;1")),
        ("an amount written as a fraction", "/payment/sum/amount", json!(350.0)),
        ("an operation's number beyond 2^53", "/operation/id", json!(9_007_199_254_740_993_u64)),
        ("another payment's id in general", "/general", json!({ "payment_id": "another" })),
        ("another payment's id beside", "/payment_id", json!("another")),
    ] {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        waits(&shop, &purchase, name, Callback::sale(&purchase, "success").with(pointer, value).signed()).await;
    }
}

async fn waits(shop: &TestShop, purchase: &Purchase, name: &str, body: String) {
    let said = shop.command(&["verify"], &body);
    assert!(said.code == 0 && said.stdout.starts_with("accepted, to be confirmed: "), "{name}: {said:?}");
    assert_eq!(shop.receives(body).await, 200, "{name}");
    assert_eq!(shop.status_of(purchase).await, "none", "{name}");
    let [case] = &shop.open_cases()[..] else { panic!("{name}: one case") };
    assert_eq!((case.kind.as_str(), case.payment_id.as_str()), ("unconfirmed callback", purchase.payment_id()), "{name}");
    assert_eq!(shop.command(&["cases", "dismiss", &case.id, "--reason", "looked"], "").code, 0, "{name}");
}

#[tokio::test]
async fn two_projects_that_differ_are_another_project() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    for (name, general) in [
        ("another number", json!({ "project_id": 3001 })),
        ("another text", json!({ "project_id": "3002" })),
        ("no number at all", json!({ "project_id": "x" })),
        ("a list", json!({ "project_id": [3000] })),
    ] {
        assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/general", general).signed()).await, 200, "{name}");
        let [case] = &shop.open_cases()[..] else { panic!("{name}: one case") };
        assert_eq!(case.kind, "other project", "{name}");
        assert_eq!(shop.command(&["cases", "dismiss", &case.id, "--reason", "looked"], "").code, 0, "{name}");
    }
    assert_eq!(shop.status_of(&purchase).await, "none");
    let same =
        Callback::sale(&purchase, "success").with("/general", json!({ "project_id": "3000", "payment_id": purchase.payment_id() }));
    assert_eq!(shop.receives(same.signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success", "the same project twice is one");
}

#[tokio::test]
async fn a_callback_that_is_only_spelled_otherwise_is_the_same_callback() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let callback = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1));
    let honest = callback.signed();
    let signature = json!(serde_json::from_str::<Value>(&honest).expect("JSON")["signature"]);
    let respelled = [
        honest.clone(),
        format!(" {honest}\r\n"),
        serde_json::to_string_pretty(&callback.clone().with("/signature", signature.clone()).0).expect("JSON"),
        honest.replace("success", "succes\\u0073"),
        honest.replace(r#""project_id":3000"#, r#""project_id":"3000""#),
        honest.replace(r#""id":123,"#, r#""id":"123","#),
        callback.clone().with("/general", json!({ "signature": signature })).0.to_string(),
        callback
            .clone()
            .with("/signature", signature.clone())
            .with("/nothing", json!({}))
            .with("/frame_mode", json!("x"))
            .0
            .to_string(),
        callback.clone().with("/signature", signature.clone()).with("/payment/signature", json!("another")).0.to_string(),
    ];
    for body in &respelled {
        assert_eq!(shop.receives(body.clone()).await, 200, "{body}");
    }
    let kept = shop.kept_callbacks().await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].deliveries, &kept[0].body), (respelled.len(), &as_shown(&honest)), "the first is kept");
    assert_eq!(shop.open_kinds(), ["wrong amount"], "one case, however often");
}

#[tokio::test]
async fn a_doubtful_text_taken_apart_into_members_never_counts() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    // A value holds what would be a member: nobody knows whose payment this is.
    let told = Callback::sale(&purchase, "success").without("/project_id").with("/payment/zone", json!("x;project_id:3000"));
    let apart = Callback::sale(&purchase, "success").with("/payment/zone", json!("x"));
    let signature = signature_of(&told.0.to_string(), PROJECT_SECRET);
    assert_eq!(signature_of(&apart.0.to_string(), PROJECT_SECRET), signature, "one text, two readings");
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["incomplete callback"]);
    for _ in 0..2 {
        assert_eq!(shop.receives(apart.clone().with("/signature", json!(signature)).0.to_string()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "none", "who takes it apart decides nothing");
    }
    assert_eq!(shop.open_kinds(), ["incomplete callback"]);
}

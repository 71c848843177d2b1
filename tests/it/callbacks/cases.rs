//! A callback that verifies but does not match moves nothing and becomes a case; then a person's decision counts.

use serde_json::{Value, json};
use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{Callback, TestShop, signed};

/// Makes a callback say something else.
type Change = Box<dyn Fn(Callback) -> Callback>;

#[tokio::test]
async fn what_does_not_match_is_kept_and_moves_nothing() {
    let shop = TestShop::start().await;
    let with = |place: &'static str, value: Value| move |told: Callback| told.with(place, value.clone());
    let without = |place: &'static str| move |told: Callback| told.without(place);
    let changes: [(&str, &str, Change); 13] = [
        ("a cent less", "wrong amount", Box::new(with("/payment/sum/amount", json!(349)))),
        ("a cent more", "wrong amount", Box::new(with("/payment/sum/amount", json!(351)))),
        ("a hundredfold", "wrong amount", Box::new(with("/payment/sum/amount", json!(35_000)))),
        ("the operation's sum", "wrong amount", Box::new(with("/operation/sum_initial/amount", json!(1)))),
        ("another currency", "wrong amount", Box::new(with("/payment/sum/currency", json!("KRW")))),
        ("another case of the currency", "wrong amount", Box::new(with("/payment/sum/currency", json!("eur")))),
        ("no sum", "incomplete callback", Box::new(without("/payment/sum"))),
        ("an amount as text", "incomplete callback", Box::new(with("/payment/sum/amount", json!("350")))),
        ("a negative amount", "incomplete callback", Box::new(with("/payment/sum/amount", json!(-350)))),
        ("a declined sale", "incomplete callback", Box::new(with("/operation/status", json!("decline")))),
        ("another project", "other project", Box::new(with("/project_id", json!(3001)))),
        ("no project", "incomplete callback", Box::new(without("/project_id"))),
        ("an unknown payment", "unknown payment", Box::new(with("/payment/id", json!("somebody-elses")))),
    ];
    for (name, kind, change) in changes {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        let success = Callback::sale(&purchase, "success");
        let callback = change(success.clone());
        let before = shop.open_cases().len();
        assert_eq!(shop.receives(callback.signed()).await, 200, "{name}");
        assert_eq!(shop.receives(callback.with("/time", json!(1)).signed()).await, 200, "{name}, in other words");
        assert_eq!(shop.open_kinds().split_off(before), [kind], "{name}: one case");
        assert_eq!(shop.status_of(&purchase).await, "none", "{name}");
        assert_eq!(shop.receives(success.signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "success", "and none of it is in the way of the right one");
    }
}

#[tokio::test]
async fn what_could_be_read_in_two_ways_waits_and_pays_once_a_person_accepts_it() {
    let shop = TestShop::start().await;
    for (name, member) in [
        ("a semicolon in a value", r#""note": "a;payment:status:success""#),
        ("a semicolon in a name", r#""note;payment": { "status": "decline" }"#),
        ("another payment beside", r#""payment_id": "another""#),
    ] {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        let body = Callback::sale(&purchase, "success").0.to_string();
        let body = signed(&body.replacen('{', &format!("{{{member},"), 1), PROJECT_SECRET);
        assert_eq!(shop.receives(body.clone()).await, 200, "{name}");
        assert_eq!(shop.status_of(&purchase).await, "none", "{name}");
        let [case] = &shop.open_cases()[..] else { panic!("{name}: one case") };
        assert_eq!((case.kind.as_str(), case.payment_id.as_str()), ("unconfirmed callback", purchase.payment_id()), "{name}");

        let said = shop.command(&["verify"], &body);
        assert!(said.code == 0 && said.stdout.starts_with("accepted, to be confirmed: "), "{name}: {said:?}");
        let said = shop.command(&["cases", "accept", &case.id], "");
        assert_eq!(said.code, 0, "{name}: {said:?}");
        assert_eq!(shop.status_of(&purchase).await, "success", "{name}");
        assert_eq!(shop.open_cases(), [], "{name}");
    }
}

#[tokio::test]
async fn a_dismissed_case_moves_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let body = Callback::sale(&purchase, "success").with("/note", json!("a;payment:status:decline")).signed();
    assert_eq!(shop.receives(body.clone()).await, 200);
    let id = &shop.open_cases()[0].id;
    let said = shop.command(&["cases", "dismiss", id, "--reason", "not ours"], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(shop.open_cases(), []);
    assert_eq!(shop.receives(body).await, 200, "its repetition opens no new case");
    assert_eq!(shop.open_cases(), []);
    assert_eq!(shop.status_of(&purchase).await, "none");
}

#[tokio::test]
async fn a_wrong_amount_pays_only_after_a_person_accepted_it() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let body = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1)).signed();
    assert_eq!(shop.receives(body).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "none");
    let said = shop.command(&["cases", "accept", &shop.open_cases()[0].id], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test]
async fn accepting_a_doubtful_callback_does_not_excuse_its_wrong_amount() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let doubtful = Callback::sale(&purchase, "success").with("/note", json!("a;payment:status:decline"));
    assert_eq!(shop.receives(doubtful.with("/payment/sum/amount", json!(1)).signed()).await, 200);
    let [case] = &shop.open_cases()[..] else { panic!("one case") };
    shop.command(&["cases", "accept", &case.id], "");
    assert_eq!(shop.status_of(&purchase).await, "none");
    assert_eq!(shop.open_cases().len(), 1, "it still waits for a person");
}

#[tokio::test]
async fn accepting_a_doubtful_callback_does_not_excuse_another_project() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let doubtful = Callback::sale(&purchase, "success").with("/note", json!("a;payment:status:decline"));
    assert_eq!(shop.receives(doubtful.with("/project_id", json!(3001)).signed()).await, 200);
    let [case] = &shop.open_cases()[..] else { panic!("one case") };
    shop.command(&["cases", "accept", &case.id], "");
    assert_eq!(shop.status_of(&purchase).await, "none");
}

#[tokio::test]
async fn accepting_an_incomplete_callback_does_not_excuse_a_contradiction_in_it() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let told = Callback::sale(&purchase, "success").without("/project_id").with("/operation/status", json!("decline"));
    assert_eq!(shop.receives(told.signed()).await, 200);
    let [case] = &shop.open_cases()[..] else { panic!("one case") };
    let said = shop.command(&["cases", "accept", &case.id], "");
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(shop.status_of(&purchase).await, "none");
}

#[tokio::test]
async fn a_refund_told_without_proof_moves_nothing() {
    let shop = TestShop::start().await;
    for status in ["refunded", "partially refunded"] {
        let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
        let told = Callback::sale(&purchase, status).without("/operation").without("/payment/sum");
        assert_eq!(shop.receives(told.signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "none", "{status}");
    }
    assert_eq!(shop.open_kinds(), ["incomplete callback", "incomplete callback"]);
}

#[tokio::test]
async fn a_case_without_an_order_can_only_be_dismissed() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/payment/id", json!("unknown")).signed()).await, 200);
    let id = shop.open_cases()[0].id.clone();
    assert_eq!(shop.command(&["cases", "accept", &id], "").code, 2);
    assert_eq!(shop.open_kinds(), ["unknown payment"]);
    assert_eq!(shop.command(&["cases", "dismiss", &id, "--reason", "not ours"], "").code, 0);
    assert_eq!(shop.command(&["cases", "dismiss", &id, "--reason", "again"], "").code, 2);
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_second_payment_of_one_order_is_a_case() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let first = customer.orders("BE", "flax-twine", "bancontact").await;
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "")]).await.purchase();
    assert_eq!(shop.receives(Callback::sale(&second, "success").signed()).await, 200);
    assert_eq!(shop.open_cases(), []);
    assert_eq!(shop.receives(Callback::sale(&first, "success").signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["second payment"]);
    let page = shop.order_page(&first).await;
    assert_eq!(page.attribute("data-payment-status").as_deref(), Some("success"));
    assert_eq!(page.attribute("data-payment-id").as_deref(), Some(second.payment_id()), "the payment that settled it");
    assert_eq!(shop.command(&["cases", "accept", &shop.open_cases()[0].id], "").code, 0);
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn accepting_a_doubtful_second_payment_leaves_the_second_payment_to_be_looked_at() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let first = customer.orders("BE", "flax-twine", "bancontact").await;
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "")]).await.purchase();
    assert_eq!(shop.receives(Callback::sale(&second, "success").signed()).await, 200);
    assert_eq!(
        shop.receives(Callback::sale(&first, "success").with("/note", json!("a;payment:status:decline")).signed()).await,
        200
    );
    assert_eq!(shop.command(&["cases", "accept", &shop.open_cases()[0].id], "").code, 0);
    assert_eq!(shop.open_kinds(), ["second payment"]);
}

#[tokio::test]
async fn cases_without_any_says_so() {
    let shop = TestShop::start().await;
    let said = shop.command(&["cases"], "");
    assert_eq!((said.code, said.stdout.as_str()), (0, "no open cases\n"));
    assert_eq!(shop.command(&["cases", "accept", "1"], "").code, 2);
    assert_eq!(shop.command(&["cases", "dismiss", "1"], "").code, 2, "a reason is demanded");
}

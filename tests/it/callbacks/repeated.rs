//! A callback that is spelled otherwise is the same callback, and a payment has one open case of each kind.

use serde_json::json;
use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{Callback, Operator, TestShop, signature_of};

/// The same signed callback as somebody may write it who copied it: the signature fits each.
fn respelled(told: &Callback) -> Vec<String> {
    let signed: serde_json::Value = serde_json::from_str(&told.signed()).expect("JSON");
    let text = signed.to_string();
    let amount = told.0["payment"]["sum"]["amount"].to_string();
    let spelled = vec![
        text.clone(),
        serde_json::to_string_pretty(&signed).expect("JSON"),
        format!(" \n{text}\t "),
        text.replacen(&format!("\"amount\":{amount}"), &format!("\"amount\":\"{amount}\""), 1),
        text.replace("\"id\":123,", "\"id\":\"123\","),
        text.replace("sale", "s\\u0061le"),
        text.replace("\"description\":\"\"", "\"description\":null"),
    ];
    let signature = signature_of(&told.0.to_string(), PROJECT_SECRET);
    for body in &spelled {
        let mut body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        body.as_object_mut().expect("an object").remove("signature");
        assert_eq!(signature_of(&body.to_string(), PROJECT_SECRET), signature, "{body}");
    }
    spelled
}

#[tokio::test]
async fn a_callback_that_is_spelled_otherwise_is_the_same_callback() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let success = Callback::sale(&purchase, "success");
    for (doubt, told) in [
        ("unknown payment", success.clone().with("/payment/id", json!("somebody-elses"))),
        ("wrong amount", success.clone().with("/payment/sum/amount", json!(349))),
        ("unconfirmed callback", success.clone().with("/note", json!("a;payment:status:refunded"))),
    ] {
        let before = shop.open_cases().len();
        for body in respelled(&told) {
            assert_eq!(shop.receives(body.clone()).await, 200, "{body}");
        }
        assert_eq!(shop.open_kinds().split_off(before), [doubt], "one case");
    }
    let all = shop.open_cases();
    for case in &all {
        assert_eq!(shop.command(&["cases", "dismiss", &case.id, "--reason", "looked at"], "").code, 0);
    }
    for body in respelled(&success.clone().with("/note", json!("a;payment:status:refunded"))) {
        assert_eq!(shop.receives(body).await, 200);
    }
    assert_eq!(shop.open_cases(), [], "what was decided is decided, however it is spelled");
}

#[tokio::test]
async fn one_doubt_about_a_payment_is_one_case_until_it_is_decided() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    for minor in [1, 2, 349, 351, 9_999] {
        let told = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(minor));
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    assert_eq!(shop.open_kinds(), ["wrong amount"]);
    for payment in ["somebody-elses", "SOMEBODY-ELSES", "another-one"] {
        for time in 0..3 {
            let told = Callback::sale(&purchase, "success").with("/payment/id", json!(payment)).with("/time", json!(time));
            assert_eq!(shop.receives(told.signed()).await, 200);
        }
    }
    assert_eq!(shop.open_kinds(), ["wrong amount", "unknown payment", "unknown payment"]);
}

#[tokio::test]
async fn no_page_shows_a_signature() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let processing = Callback::sale(&purchase, "processing");
    let wrong = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(349));
    // Callbacks have it in one of two places.
    let mut nested = processing.clone().with("/general", json!({ "note": "x" }));
    let signature = signature_of(&nested.0.to_string(), PROJECT_SECRET);
    nested = nested.with("/general/signature", json!(signature));
    for body in [processing.signed(), wrong.signed(), nested.0.to_string()] {
        assert_eq!(shop.receives(body).await, 200);
    }
    for address in ["/admin/callbacks".to_owned(), format!("/admin/orders/{}", purchase.order_number())] {
        let page = viewer.sees(&address).await.body;
        assert!(page.contains("46d13cf06a05f023ab53dd2d31c537a7"), "the rest is shown: {page}");
        for (which, told) in [("at the top", &processing), ("of a case", &wrong)] {
            let signature = signature_of(&told.0.to_string(), PROJECT_SECRET);
            assert!(!page.contains(&signature), "{address} shows the signature {which}");
        }
        assert!(!page.contains(&signature), "{address} shows a nested signature");
    }
}

//! Few cases stay open: callbacks of other shops open none, a case closes itself once it is moot, and many are decided at once.

use serde_json::json;

use crate::kit::{
    Callback, Purchase, TestShop, eventually,
    gate_way::{GateWay, Money},
};

async fn ordered(shop: &TestShop) -> Purchase {
    shop.customer().orders("BE", "flax-twine", "bancontact").await
}

#[tokio::test]
async fn callbacks_of_other_shops_on_the_project_are_no_cases() {
    let shop = TestShop::start_with(&[("PAYMENT_ID_PREFIX", "harbour-")]).await;
    let purchase = ordered(&shop).await;
    for number in 0..5 {
        let told = Callback::sale(&purchase, "success").with("/payment/id", json!(format!("other-shop-{number}")));
        assert_eq!(shop.receives(told.signed()).await, 200, "it is confirmed, or it comes for eleven days");
    }
    assert_eq!(shop.open_cases(), []);
    assert!(purchase.payment_id().starts_with("harbour-"), "{}", purchase.payment_id());
    // What looks like ours and is not known is one.
    let told = Callback::sale(&purchase, "success").with("/payment/id", json!("harbour-nobody"));
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["unknown payment"]);
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_with_a_prefix_sells_and_pays_out_like_any_other() {
    let shop = TestShop::start_with(&[("PAYMENT_ID_PREFIX", "harbour-"), ("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    assert!(purchase.payment_id().starts_with("harbour-"), "{}", purchase.payment_id());
    let customer = purchase.parameter("customer_id");
    let payout = ["payout", "--customer", customer, "--account", "09123456789", "--name", "John Doe", "--amount", "100"];
    let said = shop.command(&payout, "");
    let payment_id = said.stdout.split("  ").next().unwrap_or_default().to_owned();
    assert!(said.code == 0 && payment_id.starts_with("harbour-"), "a payout's name is a payment id: {said:?}");
    eventually("its end", async || {
        let again = [&payout[..], &["--reference", &payment_id]].concat();
        shop.command(&again, "").stdout.contains("  done: ").then_some(())
    })
    .await;
    // A reference of the merchant's own is theirs, whatever it begins with.
    let named = [&payout[..], &["--reference", "salary-7"]].concat();
    assert_eq!(shop.command(&named, "").code, 0);
    eventually("its end", async || shop.command(&named, "").stdout.contains("  done: ").then_some(())).await;
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn many_cases_are_dismissed_at_once_for_one_reason() {
    let shop = TestShop::start().await;
    let purchase = ordered(&shop).await;
    for number in 0..5 {
        let told = Callback::sale(&purchase, "success").with("/payment/id", json!(format!("other-shop-{number}")));
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    let ids: Vec<_> = shop.open_cases().into_iter().map(|case| case.id).collect();
    let four: Vec<_> = ids.iter().take(4).map(String::as_str).collect();
    let said = shop.command(&[&["cases", "dismiss"], &four[..], &["--reason", "of another shop"]].concat(), "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(shop.open_cases().len(), 1);
    // One that is closed already is named; the rest of the list is decided all the same.
    let said = shop.command(&["cases", "dismiss", &ids[0], &ids[4], "--reason", "of another shop"], "");
    assert!(said.code == 2 && said.stderr.contains(&format!("there is no open case {}", ids[0])), "{said:?}");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn members_that_the_shop_does_not_read_open_no_case() {
    let shop = TestShop::start().await;
    for (name, value) in
        [("score", json!(0.13)), ("rate", json!(1.0)), ("big", json!(u64::MAX)), ("deep", json!({ "a": [1.5, null] }))]
    {
        let purchase = ordered(&shop).await;
        let told = Callback::sale(&purchase, "success").with(&format!("/{name}"), value);
        assert_eq!(shop.receives(told.signed()).await, 200, "{name}");
        assert_eq!((shop.status_of(&purchase).await.as_str(), shop.open_kinds()), ("success", vec![]), "{name}");
    }
}

#[tokio::test]
async fn a_case_closes_itself_once_a_later_callback_made_it_moot() {
    let shop = TestShop::start().await;
    for kind in ["unconfirmed callback", "incomplete callback"] {
        let purchase = ordered(&shop).await;
        let success = Callback::sale(&purchase, "success");
        let doubtful = match kind {
            "unconfirmed callback" => success.clone().with("/note", json!("a;payment:status:refunded")),
            _ => success.clone().without("/payment/sum"),
        };
        assert_eq!(shop.receives(doubtful.signed()).await, 200);
        assert_eq!(shop.open_kinds(), [kind]);
        assert_eq!(shop.receives(Callback::sale(&purchase, "processing").signed()).await, 200);
        assert_eq!(shop.open_kinds(), [kind], "this answers nothing");
        assert_eq!(shop.receives(success.signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "success");
        assert_eq!(shop.open_kinds(), [""; 0], "{kind}: what it asked is answered");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_closes_itself_once_the_platform_was_asked_and_made_it_moot() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[("STATUS_AFTER_S", "1")]).await;
    way.is_deaf(true);
    shop.platform_misbehaves(json!({ "amount": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    eventually("a case", async || shop.open_kinds().contains(&"wrong amount".to_owned()).then_some(())).await;
    // The platform's own word, asked for, is another one.
    shop.platform_misbehaves(json!({})).await;
    way.is_deaf(false);
    eventually("the paid order", async || {
        shop.time_passes(std::time::Duration::from_secs(5));
        (shop.status_of(&purchase).await == "success").then_some(())
    })
    .await;
    assert_eq!(shop.open_cases(), [], "what it asked is answered");
}

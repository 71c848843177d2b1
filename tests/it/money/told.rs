//! Money is booked as the platform tells it; what is too much, too little or too late becomes a case.

use serde_json::{Value, json};

use crate::kit::{Callback, Customer, Purchase, Said, TestShop};

/// One piece of 3.50 EUR, paid as the shop knows.
async fn paid(shop: &TestShop, customer: &Customer) -> Purchase {
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    purchase
}

/// A sale whose sums are all this.
fn success_over(purchase: &Purchase, minor: u64, currency: &str) -> Callback {
    let sum = json!({ "amount": minor, "currency": currency });
    ["/payment/sum", "/operation/sum_initial", "/operation/sum_converted"]
        .iter()
        .fold(Callback::sale(purchase, "success"), |told, place| told.with(place, sum.clone()))
}

fn books(shop: &TestShop) -> Said {
    shop.command(&["books"], "")
}

fn refund(shop: &TestShop, purchase: &Purchase, more: &[&str]) -> Said {
    shop.command(&[&["refund", purchase.payment_id(), "--reason", "came broken"], more].concat(), "")
}

#[tokio::test]
async fn two_refunds_of_the_whole_sum_are_both_booked_and_a_person_learns_that_it_is_too_much() {
    let shop = TestShop::start().await;
    let purchase = paid(&shop, &shop.customer()).await;
    for operation in [1, 2] {
        let told = Callback::refund(&purchase, "refunded", "success", 350).with("/operation/id", json!(operation));
        assert_eq!(shop.receives(told.signed()).await, 200, "operation {operation}");
    }
    let said = books(&shop);
    assert!(said.stdout.contains("taken 3.50 EUR  refunded 7.00 EUR"), "as told: {said:?}");
    assert!(said.code == 1 && !said.stdout.contains("the books agree"), "more left than came: {said:?}");
    assert!(said.stdout.contains(purchase.payment_id()), "the difference names the payment: {said:?}");
    let about: Vec<_> = shop.open_cases().into_iter().map(|case| case.payment_id).collect();
    assert_eq!(about, [purchase.payment_id()], "one case");
}

#[tokio::test]
async fn parts_that_come_to_more_than_was_paid_are_too_much_as_well() {
    let shop = TestShop::start().await;
    let purchase = paid(&shop, &shop.customer()).await;
    for operation in [1, 2] {
        let told = Callback::refund(&purchase, "partially refunded", "success", 200).with("/operation/id", json!(operation));
        assert_eq!(shop.receives(told.signed()).await, 200, "operation {operation}");
    }
    let said = books(&shop);
    assert!(said.stdout.contains("taken 3.50 EUR  refunded 4.00 EUR"), "as told: {said:?}");
    assert!(said.code == 1 && said.stdout.contains(purchase.payment_id()), "{said:?}");
    assert_eq!(shop.open_cases().len(), 1);
    let more = refund(&shop, &purchase, &[]);
    assert!(more.code == 2 && more.stderr.contains("nothing is left"), "{more:?}");
}

#[tokio::test]
async fn a_refund_made_elsewhere_while_ours_is_on_its_way_is_booked_beside_it() {
    let shop = TestShop::start_with(&[("GATE_URL", "http://127.0.0.1:9")]).await;
    let purchase = paid(&shop, &shop.customer()).await;
    assert_eq!(refund(&shop, &purchase, &["--name", "ours"]).code, 0);
    // The platform tells of both: it has taken on what nobody here knows was sent.
    let elsewhere = Callback::refund(&purchase, "refunded", "success", 350).with("/operation/id", json!(7));
    let elsewhere = elsewhere.with("/payment/merchant_refund_id", json!("theirs"));
    let ours = Callback::refund(&purchase, "refunded", "success", 350).with("/operation/id", json!(8));
    for told in [elsewhere, ours.with("/payment/merchant_refund_id", json!("ours"))] {
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    let said = books(&shop);
    assert!(said.code == 1 && said.stdout.contains("taken 3.50 EUR  refunded 7.00 EUR"), "{said:?}");
    assert_eq!(shop.open_cases().len(), 1);
}

#[tokio::test]
async fn of_one_cent_received_one_cent_is_booked_and_can_be_refunded() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(success_over(&purchase, 1, "EUR").signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["wrong amount"]);
    let said = shop.command(&["cases", "accept", &shop.open_cases()[0].id], "");
    assert_eq!(said.code, 0, "{said:?}");
    let said = books(&shop);
    assert!(said.stdout.contains("taken 0.01 EUR"), "what moved: {said:?}");
    let more = refund(&shop, &purchase, &["--amount", "2", "--currency", "EUR"]);
    assert!(more.code == 2 && more.stderr.contains("only 0.01 EUR is left to refund"), "{more:?}");
    assert!(refund(&shop, &purchase, &[]).stdout.contains("  0.01 EUR  "), "all that came");
}

#[tokio::test]
async fn the_right_number_of_another_currency_is_not_accepted() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(success_over(&purchase, 350, "PHP").signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["wrong amount"]);
    let said = shop.command(&["cases", "accept", &shop.open_cases()[0].id], "");
    assert!(said.code == 2 && said.stderr.contains("another currency"), "{said:?}");
    assert_eq!(shop.open_kinds(), ["wrong amount"], "it waits on");
    assert_eq!(shop.status_of(&purchase).await, "none");
    assert!(!books(&shop).stdout.contains("3.50"), "{:?}", books(&shop));
}

#[tokio::test]
async fn what_came_above_the_price_is_booked_and_can_go_back() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(success_over(&purchase, 9_999, "EUR").signed()).await, 200);
    let said = shop.command(&["cases", "accept", &shop.open_cases()[0].id], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert!(books(&shop).stdout.contains("taken 99.99 EUR"), "{:?}", books(&shop));
    assert!(refund(&shop, &purchase, &[]).stdout.contains("  99.99 EUR  "), "all that came");
}

#[tokio::test]
async fn refunds_without_a_number_are_kept_and_a_person_looks_at_the_second_one() {
    let shop = TestShop::start().await;
    let purchase = paid(&shop, &shop.customer()).await;
    let unnamed = Callback::refund(&purchase, "partially refunded", "success", 100).without("/operation/id");
    for time in 1..=3 {
        let told = unnamed.clone().with("/time", json!(time));
        assert_eq!(shop.receives(told.signed()).await, 200, "body {time}: the platform must not send it again for eleven days");
    }
    let about: Vec<_> = shop.open_cases().into_iter().map(|case| case.payment_id).collect();
    assert!(!about.is_empty() && about.iter().all(|payment| payment == purchase.payment_id()), "{about:?}");
    // The payment is not lost to what comes later.
    let whole = Callback::refund(&purchase, "refunded", "success", 350).with("/operation/id", json!(9));
    assert_eq!(shop.receives(whole.signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "refunded");
}

#[tokio::test]
async fn a_refund_named_like_one_made_elsewhere_does_not_hide_that_one() {
    let shop = TestShop::start_with(&[("GATE_URL", "http://127.0.0.1:9")]).await;
    let purchase = paid(&shop, &shop.customer()).await;
    let name = format!("elsewhere-{}-77", purchase.payment_id());
    assert_eq!(refund(&shop, &purchase, &["--amount", "100", "--currency", "EUR", "--name", &name]).code, 0);
    let told = Callback::refund(&purchase, "partially refunded", "success", 50).with("/operation/id", json!(77));
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert!(books(&shop).stdout.contains("refunded 0.50 EUR"), "{:?}", books(&shop));
}

#[tokio::test]
async fn every_odd_signed_callback_is_answered_200() {
    let shop = TestShop::start().await;
    let purchase = paid(&shop, &shop.customer()).await;
    let long = "x".repeat(10_000);
    let odd = [json!(null), json!(""), json!(0), json!(-1), json!(u64::MAX), json!(true), json!([]), json!({}), json!(long)];
    let sale = Callback::sale(&purchase, "success");
    let refund = Callback::refund(&purchase, "partially refunded", "success", 1);
    let places = ["/operation/id", "/operation/request_id", "/operation/type", "/operation/status", "/operation/code"]
        .into_iter()
        .chain(["/operation/sum_initial", "/operation/sum_initial/amount", "/operation/sum_initial/currency", "/operation/date"])
        .chain(["/payment/merchant_refund_id", "/payment/sum/amount", "/payment/date", "/payment/method", "/payment/type"]);
    let mut refused = Vec::new();
    for place in places {
        let each = [(&sale, "sale"), (&refund, "refund")].into_iter().flat_map(|told| odd.iter().map(move |value| (told, value)));
        for ((told, kind), value) in each {
            // Twice in other bodies: what the first left behind must not stop the second.
            for time in 1..=2 {
                let told = told.clone().with(place, value.clone()).with("/time", json!(format!("{place} {time}")));
                let answer = shop.receives(told.signed()).await;
                if answer != 200 {
                    let value: String = value.to_string().chars().take(20).collect();
                    refused.push(format!("{answer}: {kind} with {place} = {value} ({time})"));
                }
            }
        }
    }
    assert_eq!(refused, [""; 0]);
    let ours: Value = json!("a payment that is still known");
    assert_eq!(shop.receives(sale.with("/time", ours).signed()).await, 200);
}

#[tokio::test]
async fn money_of_an_older_attempt_after_the_order_was_refunded_is_taken_in_and_a_person_looks() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let older = customer.orders("BE", "flax-twine", "bancontact").await;
    let newer = customer.posts(&format!("{}/pay", older.order_path()), &[("payment_method", "")]).await.purchase();
    assert_ne!(older.payment_id(), newer.payment_id());
    assert_eq!(shop.receives(Callback::sale(&newer, "success").signed()).await, 200);
    let thanks = shop.order_page(&newer).await.heading();
    assert_eq!(shop.receives(Callback::refund(&newer, "refunded", "success", 350).signed()).await, 200);
    assert_eq!((shop.open_cases(), shop.status_of(&newer).await.as_str()), (vec![], "refunded"));

    assert_eq!(shop.receives(Callback::sale(&older, "success").signed()).await, 200);
    let said = books(&shop);
    assert!(said.stdout.contains("taken 7.00 EUR  refunded 3.50 EUR"), "it is taken in: {said:?}");
    assert_ne!(shop.order_page(&older).await.heading(), thanks, "nobody is told that their things wait");
    let about: Vec<_> = shop.open_cases().into_iter().map(|case| case.payment_id).collect();
    assert_eq!(about, [older.payment_id()], "a person looks");
    assert!(refund(&shop, &older, &[]).stdout.contains("  3.50 EUR  "), "it can go back");
}

#[tokio::test]
async fn a_success_over_nothing_cannot_be_accepted() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(success_over(&purchase, 0, "EUR").signed()).await, 200);
    let [case] = &shop.open_cases()[..] else { panic!("one case") };
    let said = shop.command(&["cases", "accept", &case.id], "");
    assert!(said.code == 2 && said.stderr.contains("nothing"), "{said:?}");
    assert_eq!(shop.open_cases().len(), 1, "a person still looks");
    assert!(books(&shop).stdout.contains("the books agree"));
}

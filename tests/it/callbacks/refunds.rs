//! Callbacks about refunds, in the shapes of the samples of the three methods.

use serde_json::json;

use crate::kit::{Callback, TestShop};

#[tokio::test]
async fn a_refund_is_shown_whatever_the_payments_own_sum_says() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    // The wallets' samples show what is left there, Bancontact's the whole sum.
    for (left, told) in [(0, "refunded"), (350, "refunded"), (150, "partially refunded")] {
        let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
        shop.receives(Callback::sale(&purchase, "success").signed()).await;
        let paid = shop.order_page(&purchase).await.heading();
        let back = if told == "refunded" { 350 } else { 200 };
        let refund = Callback::refund(&purchase, told, "success", back).with("/payment/sum/amount", json!(left));
        assert_eq!(shop.receives(refund.signed()).await, 200);
        let page = shop.order_page(&purchase).await;
        assert_eq!(page.attribute("data-payment-status").as_deref(), Some(told));
        assert_ne!(page.heading(), paid, "{told}");
        assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/late", json!(1)).signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, told, "a late success takes nothing back");
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_declined_refund_leaves_the_order_paid() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    let declined = Callback::refund(&purchase, "success", "decline", 100_000).with("/payment/sum/amount", json!(350));
    assert_eq!(shop.receives(declined.signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_declined_refund_alone_pays_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let declined = Callback::refund(&purchase, "success", "decline", 350).with("/payment/sum/amount", json!(350));
    assert_eq!(shop.receives(declined.signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "none");
}

#[tokio::test]
async fn partial_refunds_then_the_rest_end_refunded_in_any_order() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    for turned in [false, true] {
        let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
        let mut told = vec![
            Callback::sale(&purchase, "success"),
            Callback::refund(&purchase, "partially refunded", "success", 100),
            Callback::refund(&purchase, "refunded", "success", 250),
        ];
        if turned {
            told.reverse();
        }
        for callback in told {
            assert_eq!(shop.receives(callback.signed()).await, 200);
        }
        assert_eq!(shop.status_of(&purchase).await, "refunded");
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_refund_of_more_than_was_paid_or_in_another_currency_is_a_case() {
    let shop = TestShop::start().await;
    for kind in 0..4 {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        shop.receives(Callback::sale(&purchase, "success").signed()).await;
        let refund = Callback::refund(&purchase, "refunded", "success", 350);
        let odd = match kind {
            0 => Callback::refund(&purchase, "refunded", "success", 351),
            1 => refund.with("/operation/sum_initial/currency", json!("PHP")),
            2 => refund.with("/operation/status", json!("decline")),
            _ => refund.without("/operation/sum_initial"),
        };
        let before = shop.open_cases().len();
        assert_eq!(shop.receives(odd.signed()).await, 200);
        assert_eq!(shop.open_cases().len(), before + 1, "{odd:?}");
        assert_eq!(shop.status_of(&purchase).await, "success");
    }
}

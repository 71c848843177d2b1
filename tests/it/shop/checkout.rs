//! From cart to Payment Page: what is asked, what is signed, and that one form makes one order.

use futures::future::join_all;
use serde_json::Value;

use crate::kit::{Page, TestShop};

#[tokio::test]
async fn each_method_is_paid_at_the_platform_and_the_order_says_so() {
    let shop = TestShop::start().await;
    for (market, product, method) in
        [("KR", "jeju-green-tea", "payco-wallet"), ("PH", "tablea-cacao", "paymaya-wallet"), ("BE", "flax-twine", "bancontact")]
    {
        let customer = shop.customer();
        let purchase = customer.orders(market, product, method).await;
        let before = customer.opens(&purchase.order_path()).await;
        assert_eq!(before.attribute("data-payment-status").as_deref(), Some("none"), "{method}");
        assert_eq!(before.attribute("data-payment-id").as_deref(), Some(purchase.payment_id()), "{method}");
        let result = customer.answers_with(&purchase, "approve").await;
        assert!(result.body.contains(&purchase.order_path()), "{method}: the result leads back to the order");
        let after = customer.sees(&purchase.order_path(), "success").await;
        assert_ne!(after.heading(), before.heading(), "{method}");
        assert_eq!(after.attribute("data-order-id"), before.attribute("data-order-id"), "{method}");
        assert!(customer.opens("/cart").await.body.contains("Your cart is empty"), "{method}");
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_decline_or_a_cancellation_leaves_the_order_payable_without_typing_again() {
    let shop = TestShop::start().await;
    for decision in ["decline", "cancel"] {
        let customer = shop.customer();
        let first = customer.orders("PH", "tablea-cacao", "paymaya-wallet").await;
        customer.answers_with(&first, decision).await;
        let page = customer.sees(&first.order_path(), "decline").await;
        let again = format!("{}/pay", first.order_path());
        assert!(page.body.contains(&format!("action=\"{again}\" method=\"post\"")), "{decision}: one click to pay again");
        let second = customer.posts(&again, &[("payment_method", "paymaya-wallet")]).await.purchase();
        assert_ne!(second.payment_id(), first.payment_id(), "{decision}");
        assert_eq!(second.parameter("customer_email"), "maria@example.com", "{decision}");
        assert_eq!(second.order_path(), first.order_path(), "{decision}");
        customer.answers_with(&second, "approve").await;
        customer.sees(&first.order_path(), "success").await;
    }
}

#[tokio::test]
async fn a_form_that_lacks_what_the_method_needs_comes_back_with_what_was_typed() {
    let shop = TestShop::start().await;
    for (market, product, method, email, last_name, asked) in [
        ("PH", "tablea-cacao", "paymaya-wallet", "", "", "email"),
        ("PH", "tablea-cacao", "paymaya-wallet", "maria at home", "", "email"),
        ("BE", "flax-twine", "bancontact", "a@b.be", "", "last_name"),
        ("BE", "flax-twine", "bancontact", "a@b.be", "\u{3164}", "last_name"),
        ("BE", "flax-twine", "bancontact", "a@b.be", "A;payment_amount:1", "last_name"),
        ("BE", "flax-twine", "payco-wallet", "a@b.be", "Peeters", "payment_method"),
        ("BE", "flax-twine", "cash", "a@b.be", "Peeters", "payment_method"),
    ] {
        let customer = shop.customer();
        customer.shops_in(market).await;
        customer.puts_in_cart(product, 1).await;
        let page = customer.presses_pay(method, email, last_name).await;
        assert_eq!(page.status, 422, "{method} {email} {last_name}");
        assert!(error_beside(&page, asked), "{method}: an error beside {asked}");
        let typed = page.inputs();
        assert!(typed.contains(&("email".to_owned(), email.to_owned())), "{method}: the e-mail is not lost");
        assert!(typed.contains(&("last_name".to_owned(), last_name.to_owned())), "{method}: the name is not lost");
    }
    assert!(shop.orders().await.is_empty());
}

fn error_beside(page: &Page, field: &str) -> bool {
    let (_, after) = page.body.split_once(&format!("id=\"{field}-error\"")).expect("a place for the error");
    let text = after.split_once('>').and_then(|(_, rest)| rest.split_once('<')).map_or("", |(text, _)| text);
    !text.trim().is_empty()
}

#[tokio::test]
async fn the_phone_number_shown_as_an_example_is_of_the_market_in_every_language() {
    let shop = TestShop::start().await;
    for (market, begins) in [("KR", "+82 "), ("PH", "+63 "), ("BE", "+32 ")] {
        let customer = shop.customer();
        customer.shops_in(market).await;
        customer.puts_in_cart("harbour-postcard", 1).await;
        for language in ["en", "ko"] {
            let page = customer.opens(&format!("/checkout?lang={language}")).await;
            let (_, hint) = page.body.split_once("id=\"phone-hint\"").expect("a hint");
            assert!(hint.split("</p>").next().is_some_and(|hint| hint.contains(begins)), "{market} {language}");
        }
    }
}

#[tokio::test]
async fn payco_asks_for_nothing_and_choosing_later_forces_no_method() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let purchase = customer.checks_out("payco-wallet", "", "").await;
    assert_eq!(purchase.parameter("force_payment_method"), "payco-wallet");
    assert!(!purchase.parameters.contains_key("customer_email"));
    let purchase = customer.checks_out("", "", "").await;
    assert!(!purchase.parameters.contains_key("force_payment_method"));
}

#[tokio::test]
async fn limits_are_known_before_the_customer_leaves_the_shop() {
    let shop = TestShop::start().await;
    for (market, product, quantity, method, allowed) in [
        ("PH", "harbour-postcard", 1, "paymaya-wallet", false),
        ("PH", "harbour-postcard", 2, "paymaya-wallet", true),
        ("PH", "oak-writing-cabinet", 1, "paymaya-wallet", false),
        ("BE", "harbour-postcard", 1, "bancontact", false),
        ("BE", "harbour-postcard", 2, "bancontact", true),
        ("KR", "harbour-postcard", 1, "payco-wallet", true),
    ] {
        let customer = shop.customer();
        customer.shops_in(market).await;
        customer.puts_in_cart(product, quantity).await;
        let page = customer.presses_pay(method, "maria@example.com", "Peeters").await;
        assert_eq!(page.status, if allowed { 303 } else { 422 }, "{quantity} {product} with {method}");
    }
}

#[tokio::test]
async fn price_amount_and_currency_come_from_the_shop_alone() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    let sent = [("product", "flax-twine"), ("quantity", "2"), ("price", "0.01"), ("payment_amount", "1"), ("currency", "KRW")];
    assert_eq!(customer.posts("/cart", &sent).await.status, 303);
    let sent = [("payment_method", ""), ("payment_amount", "1"), ("payment_currency", "KRW"), ("amount", "1")];
    let purchase = customer.posts("/checkout", &sent).await.purchase();
    assert_eq!((purchase.amount(), purchase.currency()), (700, "EUR"));
    // A total other than today's is not paid but shown again.
    let page = customer.posts("/checkout", &[("payment_method", ""), ("total", "0.01 EUR")]).await;
    assert_eq!(page.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_checkout_form_makes_one_order_however_often_it_is_sent() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let form = customer.opens("/checkout").await.inputs();
    let form: Vec<_> = form.iter().filter(|(name, _)| name == "cart" || name == "total").collect();
    let form: Vec<_> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("payment_method", "payco-wallet")]).collect();
    let pages = join_all((0..20).map(|_| customer.posts("/checkout", &form))).await;
    let first = pages[0].purchase();
    for page in &pages {
        let purchase = page.purchase();
        assert_eq!((purchase.payment_id(), purchase.order_path()), (first.payment_id(), first.order_path()));
    }
    let orders = shop.orders().await;
    assert_eq!((orders.len(), shop.payments_of(&orders[0]).await), (1, 1));
    // Sent once more after it was paid, it leads to the paid order.
    customer.answers_with(&first, "approve").await;
    customer.sees(&first.order_path(), "success").await;
    assert_eq!(customer.posts("/checkout", &form).await.location(), Some(first.order_path().as_str()));
    assert_eq!(shop.orders().await.len(), 1);
}

#[tokio::test]
async fn the_sandbox_holds_the_very_payment_the_shop_stored() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    customer.answers_with(&purchase, "approve").await;
    let payment = customer.opens(&format!("{}/control/payments/{}", shop.sandbox.address, purchase.payment_id())).await;
    let payment: Value = serde_json::from_str(&payment.body).expect("JSON");
    assert_eq!((payment["amount"].as_u64(), payment["currency"].as_str()), (Some(350), Some("EUR")));
    assert_eq!((payment["status"].as_str(), payment["method"].as_str()), (Some("success"), Some("bancontact")));
}

//! The page of an order: what operators see there, asking the platform, applying a callback again, refunding.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::kit::{
    Callback, Operator, PASSWORD, Page, Purchase, TestShop, eventually,
    people::{code_of, sets_up_second_factor},
};

fn page_of(purchase: &Purchase) -> String {
    format!("/admin/orders/{}", purchase.order_number())
}

/// Fills in the refund form as it stands, but for what is given here, and sends it with the password.
async fn refunds(operator: &Operator, purchase: &Purchase, typed: &[(&str, &str)]) -> Page {
    let page = operator.sees(&format!("{}?still=1", page_of(purchase))).await;
    sends(operator, purchase, &page, typed).await
}

async fn sends(operator: &Operator, purchase: &Purchase, page: &Page, typed: &[(&str, &str)]) -> Page {
    let [name, amount] = ["name", "amount"].map(|name| page.input(name));
    let mut form = vec![("payment_id", purchase.payment_id()), ("name", &name), ("amount", &amount), ("reason", "came broken")];
    form.retain(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    operator.confirms(&format!("{}/refunds", page_of(purchase)), &[&form, typed].concat()).await
}

async fn ends(operator: &Operator, purchase: &Purchase, progress: &str) -> Page {
    let told = format!("data-progress=\"{progress}\"");
    eventually(&format!("a refund that is {progress}"), async || {
        let page = operator.sees(&page_of(purchase)).await;
        page.body.contains(&told).then_some(page)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_tells_why_it_is_in_its_state_and_all_that_happened() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let page = viewer.sees(&page_of(&purchase)).await;
    assert!(page.body.contains("Nothing was heard of payment") && page.body.contains("the platform is asked at"), "{}", page.body);
    assert!(!page.body.contains("Ask the platform now"), "a viewer only looks");
    customer.answers_with(&purchase, "decline").await;
    customer.sees(&purchase.order_path(), "decline").await;
    let page = viewer.sees(&page_of(&purchase)).await;
    assert!(page.body.contains("was declined at") && page.body.contains("(code 2"), "{}", page.body);
    let again = customer.posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "payco-wallet")]).await.purchase();
    customer.answers_with(&again, "approve").await;
    customer.sees(&purchase.order_path(), "success").await;
    let page = viewer.sees(&page_of(&purchase).to_lowercase()).await;
    assert!(page.body.contains(&format!("Paid by payment {} with Payco at ", again.payment_id())), "{}", page.body);
    for said in
        ["Jeju", "maria@example.com", "The order was placed.", "In the journal of money:", "\"signature\": \"", "settles the order"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert_eq!(viewer.opens("/admin/orders/NOSUCH").await.status, 404);
    assert_eq!(viewer.opens("/admin/orders/%00%ff").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_the_platform_now_heals_a_lost_callback_and_says_so() {
    let shop = TestShop::start().await;
    let support = Operator::signs_in(&shop, "support").await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let asks = async || {
        let answer = support.posts(&format!("{}/inquiry", page_of(&purchase)), &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        support.sees(answer.location().expect("the page")).await.body
    };
    assert!(asks().await.contains("It knows of no payment here"));
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    customer.answers_with(&purchase, "approve").await;
    let page = asks().await;
    assert!(page.contains("what it told changed this order") && page.contains("No callback told it:"), "{page}");
    assert!(asks().await.contains("It told nothing new"));
    shop.platform_misbehaves(json!({ "gate": "html_502" })).await;
    assert!(asks().await.contains("gave no clear answer"));
    assert!(support.sees(&page_of(&purchase)).await.body.contains("ask the platform"), "the act is in the timeline");
    let page = support.sees(&format!("{}?told=%3Cscript%3Ealert(1)", page_of(&purchase))).await;
    assert!(!page.body.contains("alert(1)"), "nothing of the address is shown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_refunded_in_parts_and_then_whole_and_every_step_is_kept() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    for (market, method, part) in [("KR", "payco-wallet", "100"), ("BE", "bancontact", "1")] {
        let purchase = shop.sold(market, method).await;
        let page = finance.sees(&page_of(&purchase)).await;
        assert!(page.body.contains("is left to refund"), "{}", page.body);
        let whole = page.input("amount");
        let answer = refunds(&finance, &purchase, &[("amount", part)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = ends(&finance, &purchase, "done").await;
        assert!(
            page.body.contains("came broken") && page.body.contains("Of ") && page.body.contains("went back;"),
            "{}",
            page.body
        );
        assert_ne!(page.input("amount"), whole);
        assert_eq!(refunds(&finance, &purchase, &[]).await.status, 303, "the rest stands in the form");
        shop.customer().sees(&purchase.order_path(), "refunded").await;
        let page = finance.sees(&page_of(&purchase)).await;
        assert!(page.body.contains("All of payment") && page.body.contains("all of it went back already"), "{}", page.body);
        let rest = purchase.amount() - 100;
        assert_eq!(
            shop.platform_has(purchase.payment_id()).await[1..],
            ["refund success 100".to_owned(), format!("refund success {rest}")]
        );
    }
    assert_eq!(shop.command(&["books"], "").code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_refunded_is_refused_at_its_field_and_what_was_typed_stays() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("BE", "bancontact").await;
    let above = format!("{}.{:02}", (purchase.amount() + 1) / 100, (purchase.amount() + 1) % 100);
    for (amount, why) in [
        ("12,5", "digits and one point"),
        ("1 000", "digits and one point"),
        ("1e1", "digits and one point"),
        ("-1", "digits and one point"),
        ("1.5", "digits and one point"),
        ("", "digits and one point"),
        ("\"><script>", "digits and one point"),
        ("99999999999999", "too large"),
        ("0", "more than nothing"),
        (above.as_str(), "is left to refund now"),
    ] {
        let page = refunds(&finance, &purchase, &[("amount", amount)]).await;
        assert_eq!(page.status, 422, "{amount}");
        assert!(page.body.contains(why), "{amount}: {}", page.body);
        assert_eq!(page.input("amount"), amount, "what was typed stays");
        assert!(!page.body.contains("\"><script>"), "escaped");
    }
    for reason in ["", "a;b", "\u{202e}\u{200b}", &"x".repeat(256)] {
        let page = refunds(&finance, &purchase, &[("reason", reason)]).await;
        assert!(page.status == 422 && page.body.contains("A reason has 1 to 255"), "{reason}: {}", page.status);
    }
    let form = [("payment_id", purchase.payment_id()), ("name", "AAAAAAAAAAAAAAAAAAAAAA"), ("amount", "1"), ("reason", "x")];
    for (password, why) in [("wrong", "This password is not right"), ("", "This is needed")] {
        let page =
            finance.posts(&format!("{}/refunds", page_of(&purchase)), &[&form[..], &[("password", password)]].concat()).await;
        assert!(page.status == 422 && page.body.contains(why), "{}", page.body);
    }
    for bad in [("name", "x"), ("payment_id", "NOBODYS-1")] {
        assert_eq!(refunds(&finance, &purchase, &[bad]).await.status, 400, "{bad:?}");
    }
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 1, "nothing was sent");

    let paymaya = shop.sold("PH", "paymaya-wallet").await;
    assert!(finance.sees(&page_of(&paymaya)).await.body.contains("PayMaya has no refunds"));
    let refused = refunds(&finance, &paymaya, &[("amount", "1"), ("name", "AAAAAAAAAAAAAAAAAAAAAA")]).await;
    assert!(refused.status == 422 && refused.body.contains("PayMaya has no refunds"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_is_one_refund_however_often_it_is_sent() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let other = Operator::called(&shop, "other", "finance").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let page = finance.sees(&page_of(&purchase)).await;
    let clicks = join_all((0..4).map(|_| sends(&finance, &purchase, &page, &[("amount", "100")]))).await;
    assert!(clicks.iter().all(|click| click.status == 303), "{:?}", clicks.iter().map(|click| click.status).collect::<Vec<_>>());
    assert_eq!(sends(&other, &purchase, &page, &[("amount", "100")]).await.status, 303, "whoever sends it again");
    let changed = sends(&finance, &purchase, &page, &[("amount", "200")]).await;
    assert!(changed.status == 422 && changed.body.contains("was sent already"), "{}", changed.body);
    ends(&finance, &purchase, "done").await;
    assert_eq!(shop.platform_has(purchase.payment_id()).await[1..], ["refund success 100"]);
    let acts = finance.sees(&page_of(&purchase)).await.body.matches("finance@shop.example").count();
    assert_eq!(acts, 2, "one act, beside the operator's own name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_with_a_code_is_not_told_that_its_code_was_used() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let (key, _) = sets_up_second_factor(&shop, &finance).await;
    shop.time_passes(Duration::from_secs(60));
    let purchase = shop.sold("KR", "payco-wallet").await;
    let page = finance.sees(&page_of(&purchase)).await;
    let code = code_of(&key, shop.now().as_second());
    let form = [("code", code.as_str())];
    let clicks = join_all((0..4).map(|_| sends(&finance, &purchase, &page, &form))).await;
    assert!(clicks.iter().all(|click| click.status == 303), "{:?}", clicks.iter().map(|click| click.status).collect::<Vec<_>>());
    assert_eq!(sends(&finance, &purchase, &page, &form).await.status, 303, "nor whoever loads the answer again");
    ends(&finance, &purchase, "done").await;
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_operators_at_once_never_refund_more_than_was_paid() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let (one, two) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "two", "finance").await);
    let most = (purchase.amount() - 100).to_string();
    let amount = [("amount", most.as_str())];
    let (first, second) = tokio::join!(refunds(&one, &purchase, &amount), refunds(&two, &purchase, &amount));
    let (_, loser) = if first.status == 303 { (first, second) } else { (second, first) };
    assert_eq!(loser.status, 422);
    assert!(loser.body.contains("Only ₩100 is left to refund now"), "{}", loser.body);
    ends(&one, &purchase, "done").await;
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn support_refunds_up_to_its_limit_and_a_viewer_nothing() {
    let shop = TestShop::start_with(&[("SUPPORT_REFUNDS_UP_TO", "KRW=500")]).await;
    let support = Operator::signs_in(&shop, "support").await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let refused = refunds(&support, &purchase, &[("amount", "501")]).await;
    assert!(refused.status == 422 && refused.body.contains("refunds up to ₩500 at once in KRW"), "{}", refused.body);
    assert_eq!(refunds(&support, &purchase, &[("amount", "500")]).await.status, 303);
    assert!(viewer.sees(&format!("{}?still=1", page_of(&purchase))).await.body.contains("can be refunded by support"));
    assert_eq!(viewer.posts(&format!("{}/refunds", page_of(&purchase)), &[]).await.status, 403);
    assert_eq!(viewer.posts(&format!("{}/inquiry", page_of(&purchase)), &[]).await.status, 403);
    ends(&support, &purchase, "done").await;
    let euro = shop.sold("BE", "bancontact").await;
    let refused = refunds(&support, &euro, &[("amount", "1")]).await;
    assert!(refused.body.contains("refunds nothing at once in EUR"), "a currency without a limit: {}", refused.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_support_refunds_in_a_day_counts_together() {
    let shop = TestShop::start_with(&[("SUPPORT_REFUNDS_UP_TO", "KRW=500,EUR=1")]).await;
    let (one, other) = (Operator::called(&shop, "one", "support").await, Operator::called(&shop, "other", "support").await);
    let purchase = shop.sold("KR", "payco-wallet").await;
    assert_eq!(refunds(&one, &purchase, &[("amount", "300")]).await.status, 303);
    let is_refused = async || {
        let refused = refunds(&one, &purchase, &[("amount", "201")]).await;
        assert!(refused.status == 422 && refused.body.contains("refunded in the last 24 hours"), "{}", refused.body);
    };
    is_refused().await;
    ends(&one, &purchase, "done").await;
    is_refused().await;
    assert_eq!(refunds(&one, &purchase, &[("amount", "200")]).await.status, 303);
    assert_eq!(refunds(&other, &purchase, &[("amount", "500")]).await.status, 303, "each has a day of their own");
    let euro = shop.sold("BE", "bancontact").await;
    assert_eq!(refunds(&one, &euro, &[("amount", "1.00")]).await.status, 303, "and each currency");
    shop.time_passes(Duration::from_secs(24 * 60 * 60 + 1));
    one.enters_password("").await;
    assert_eq!(refunds(&one, &purchase, &[("amount", "500")]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_form_of_a_session_that_is_over_comes_back_as_it_was_typed() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let page = finance.sees(&page_of(&purchase)).await;
    shop.time_passes(Duration::from_secs(31 * 60));
    let asked = sends(&finance, &purchase, &page, &[("amount", "123"), ("reason", "wet <b>box</b>")]).await;
    assert_eq!(asked.status, 401);
    let [next, typed] = ["next", "typed"].map(|name| asked.input(name));
    let email = finance.email.clone();
    let password = PASSWORD;
    let answer =
        finance.posts("/admin/sign-in", &[("email", &email), ("password", password), ("next", &next), ("typed", &typed)]).await;
    assert_eq!(answer.location(), Some("/admin/resume"));
    let back = finance.sees("/admin/resume").await;
    assert_eq!((back.input("amount"), back.input("reason")), ("123".to_owned(), "wet <b>box</b>".to_owned()));
    let fields = back.inputs();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = finance.posts(&next, &fields).await;
    assert_eq!((refused.status, refused.input("amount")), (422, "123".to_owned()), "the password is asked for anew");
    assert_eq!(finance.confirms(&next, &fields).await.status, 303);
    ends(&finance, &purchase, "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_tells_by_itself_how_a_refund_goes_on() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    assert_eq!(refunds(&finance, &purchase, &[("reason", "decline this")]).await.status, 303);
    let page = finance.sees(&page_of(&purchase)).await;
    assert!(page.body.contains("OrderWatch") && page.body.contains("http-equiv=\"refresh\""), "live with and without scripts");
    assert!(
        !page.body.contains("name=\"amount\"") && page.body.contains("Refund another part"),
        "no form that would lose what is typed"
    );
    let still = finance.sees(&format!("{}?still=1", page_of(&purchase))).await;
    assert!(!still.body.contains("http-equiv=\"refresh\""), "it stands still");
    let events = format!("{}/events", page_of(&purchase));
    let watched = tokio::spawn({
        let browser = Operator::called(&shop, "watcher", "viewer").await;
        async move { browser.hears(&events, "declined").await }
    });
    // The platform may need a moment to decline it: asked before, it knows of no end.
    eventually("the page is told", async || {
        finance.posts(&format!("{}/inquiry", page_of(&purchase)), &[]).await;
        watched.is_finished().then_some(())
    })
    .await;
    let heard = watched.await.expect("the stream");
    assert!(heard.contains("event: status"), "{heard}");
    ends(&finance, &purchase, "declined").await;
    assert!(finance.sees(&page_of(&purchase)).await.body.contains("name=\"amount\""), "its money is free again");
}

#[tokio::test]
async fn what_outsiders_write_is_shown_as_text() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let hostile = "</pre></details><script>alert(1)</script>\u{202e}{{x}} <img src=x onerror=alert(2)>";
    let callback = Callback::sale(&purchase, "success").with("/note", json!(hostile)).with("/operation/code", json!("<i>9</i>"));
    assert_eq!(shop.receives(callback.signed()).await, 200);
    let body = viewer.sees(&page_of(&purchase)).await.body;
    assert!(body.contains("&lt;script&gt;alert(1)") && body.contains("\\u{202e}"), "{body}");
    for bad in ["<script>alert", "<img src=x", "<i>9", "\u{202e}"] {
        assert!(!body.contains(bad), "{bad}");
    }
}

//! `/admin/reconciliation`: a comparison runs in the background; each difference shows both sides and what to do, and counts as
//! healed only once it is gone.

use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::{
    platform::Method,
    protocol::{
        gate::request::{GateRequest, GateSum, General, PayoutRequest},
        sandbox,
        signed::signature::Key,
    },
};

use crate::kit::{
    Operator, Page, Purchase, TestShop,
    api_program::{ApiProgram, always},
    eventually, free_port,
    register::{newest_operation, paid_out, refunded, refunded_elsewhere, register_tells, slow_register},
};

pub const PAGE: &str = "/admin/reconciliation";

pub fn day(shop: &TestShop, hours: i64) -> String {
    (shop.now() + jiff::SignedDuration::from_hours(hours)).strftime("%Y-%m-%d").to_string()
}

/// Compares the day before, this day and the next; the page once that has ended.
async fn compares(shop: &TestShop, operator: &Operator) -> Page {
    let (from, to) = (day(shop, -24), day(shop, 24));
    let page = operator.posts(PAGE, &[("from", &from), ("to", &to)]).await;
    assert_eq!((page.status, page.location()), (303, Some(PAGE)), "{}", page.body);
    eventually("the end of the comparison", async || {
        let page = operator.sees(PAGE).await;
        page.body.contains("Ended").then_some(page)
    })
    .await
}

/// The differences a page shows: number, title, and whether it is healed.
fn shown(page: &Page) -> Vec<(String, String, bool)> {
    let items = page.body.split("<li data-difference=\"").skip(1).map(|item| item.split("</li>").next().unwrap_or_default());
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found.to_owned())
    };
    let text = |html: &str| html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<String>();
    items
        .map(|item| {
            let id = item.split('"').next().unwrap_or_default().to_owned();
            let title = text(&between(item, "<h3>", "</h3>").expect("a title"));
            assert!(item.contains("The shop says") && item.contains("The register says"), "both sides: {item}");
            (id, title, item.contains("Healed: "))
        })
        .collect()
}

fn titles(page: &Page) -> Vec<String> {
    shown(page).into_iter().map(|(_, title, _)| title).collect()
}

/// Presses the one button of a difference; what the page tells then.
async fn heals(operator: &Operator, id: &str) -> (String, Page) {
    let page = operator.posts(&format!("{PAGE}/differences/{id}/healing"), &[]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let page = operator.sees(page.location().expect("led back")).await;
    let (_, rest) = page.body.split_once("role=\"status\"").and_then(|(_, rest)| rest.split_once('>')).expect("what came of it");
    (rest.split('<').next().unwrap_or_default().to_owned(), page)
}

/// The platform pays a sale and tells nobody.
async fn paid_in_silence(shop: &TestShop) -> Purchase {
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    eventually("the platform's success", async || {
        shop.platform_has(purchase.payment_id()).await.iter().any(|one| one.starts_with("sale success")).then_some(())
    })
    .await;
    purchase
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_agrees_is_said_to_agree_and_the_run_is_kept() {
    let shop = TestShop::start().await;
    shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    assert!(finance.sees(PAGE).await.body.contains("Nothing was compared yet."));
    let page = compares(&shop, &finance).await;
    assert!(page.body.contains("Both sides agree.") && shown(&page).is_empty(), "{}", page.body);
    assert!(page.body.contains("by finance@shop.example"));
    assert_eq!((page.input("from"), page.input("to")), (day(&shop, -24), day(&shop, 24)), "what was compared is still in the form");
    // What the command compares is kept there, too.
    let (from, to) = (day(&shop, -24), day(&shop, 24));
    assert_eq!(shop.command(&["reconcile", "--from", &from, "--to", &to], "").code, 0);
    assert!(finance.sees(PAGE).await.body.contains("by command"));
    assert!(finance.sees(&format!("{PAGE}?run=1")).await.body.contains("data-run=\"1\""), "earlier ones stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_difference_is_shown_with_both_sides_and_stays_until_it_is_gone() {
    let shop = TestShop::start().await;
    let earned = shop.sold("PH", "paymaya-wallet").await;
    paid_out(&shop, &earned, "John Doe", "prize", "done").await;
    let back = shop.sold("BE", "bancontact").await;
    refunded(&shop, &back, "100", "came broken", "done").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let (refund, payout) = (newest_operation(&shop, back.payment_id()).await, newest_operation(&shop, "prize").await);
    register_tells(
        &shop,
        json!([{ "change": "missing", "operation_id": payout }, { "change": "amount", "operation_id": refund },
               { "change": "status", "operation_id": newest_operation(&shop, earned.payment_id()).await },
               { "change": "extra" }, { "change": "duplicate", "operation_id": refund }]),
    )
    .await;
    let page = compares(&shop, &finance).await;
    let mut found = titles(&page);
    found.sort();
    let mut expected = [
        "Missing payout: payment prize".to_owned(),
        format!("Another amount, refund: payment {}", back.payment_id()),
        format!("Another status, sale: payment {}", earned.payment_id()),
        "Extra sale: payment unknown-9000000004".to_owned(),
        format!("Twice, refund: payment {}", back.payment_id()),
    ];
    expected.sort();
    assert_eq!(found, expected);
    for sides in ["€1.00, success", "€1.01, success", "₱780.00, success", "₱780.00, decline", "€10.00, success", "₱150.00, success"]
    {
        assert!(page.body.contains(sides), "{sides}: {}", page.body);
    }
    assert_eq!(page.body.matches("To do: ").count(), 5);
    assert!(page.body.contains("5 differences found, 0 healed."), "{}", page.body);
    // While the register says so, no click heals any of them.
    for (id, title, _) in shown(&page) {
        let (told, page) = heals(&finance, &id).await;
        assert!(told.contains("still differ"), "{title}: {told}");
        assert!(shown(&page).iter().all(|(.., healed)| !healed), "{title}");
    }
    // Once the register tells the truth, comparing again heals each; what a payment shares is healed together.
    register_tells(&shop, json!([])).await;
    for (id, title, _) in shown(&page) {
        let (told, _) = heals(&finance, &id).await;
        assert!(told.starts_with("Healed") || told == "Somebody healed it before.", "{title}: {told}");
    }
    let page = finance.sees(PAGE).await;
    assert!(page.body.contains("All 5 differences found are healed."), "{}", page.body);
    assert!(!page.body.contains("/healing\""), "nothing is left to press");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_that_was_never_heard_is_healed_by_asking() {
    let shop = TestShop::start().await;
    let purchase = paid_in_silence(&shop).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let page = compares(&shop, &finance).await;
    let found = shown(&page);
    assert_eq!(titles(&page), [format!("Another status, sale: payment {}", purchase.payment_id())]);
    assert!(page.body.contains("Ask the platform now") && page.body.contains("under way"));
    // The platform does not answer clearly: nothing is healed.
    shop.platform_misbehaves(json!({ "drop": 1, "gate": "html_502" })).await;
    let (told, page) = heals(&finance, &found[0].0).await;
    assert!(told.contains("no clear answer") && !shown(&page)[0].2, "{told}");
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let (told, page) = heals(&finance, &found[0].0).await;
    assert!(told.starts_with("Healed") && shown(&page)[0].2, "{told}");
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert!(page.body.contains("All 1 difference found are healed.") || page.body.contains("healed"), "{}", page.body);
    let (told, _) = heals(&finance, &found[0].0).await;
    assert_eq!(told, "Somebody healed it before.");
    let owner = Operator::signs_in(&shop, "owner").await;
    let acts = owner.sees("/admin/acts").await;
    assert!(
        acts.body.contains("ask the platform about a difference") && acts.body.contains(purchase.payment_id()),
        "{}",
        acts.body
    );
    let listed = ApiProgram::of(&shop, &owner, "reader").await.reads(&always()).await;
    let operation = newest_operation(&shop, purchase.payment_id()).await;
    assert_eq!(listed["operations"][0]["operation_id"].as_str(), Some(&*operation.to_string()), "known from an answer, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_made_elsewhere_is_taken_in_by_asking() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    refunded_elsewhere(&shop, &purchase).await;
    eventually("the refund at the platform", async || {
        shop.platform_has(purchase.payment_id()).await.iter().any(|one| one.starts_with("refund success")).then_some(())
    })
    .await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let page = compares(&shop, &finance).await;
    assert_eq!(titles(&page), [format!("Extra refund: payment {}", purchase.payment_id())]);
    let (told, _) = heals(&finance, &shown(&page)[0].0).await;
    assert!(told.starts_with("Healed"), "{told}");
    assert_eq!(shop.status_of(&purchase).await, "refunded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_nobody_asked_for_here_becomes_a_case_when_asked_about_and_stays() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let general = General { project_id: sandbox::PROJECT_ID, payment_id: "not-ours", callback_url: None };
    let sum = GateSum { amount: 5000, currency: "PHP" };
    let (customer_id, account) = (purchase.parameter("customer_id"), "09123456789");
    let wanted = PayoutRequest { customer_id, ip_address: "192.0.2.1", sum, account, full_name: "John Doe" };
    let request = GateRequest::payout(Method::PayMaya, general, wanted).expect("a method with payouts");
    let key = Key::new(&SecretString::from(sandbox::PROJECT_SECRET)).expect("a key");
    let address = format!("{}{}", shop.sandbox.address, request.path());
    let body = request.signed(&key).expect("something that can be signed").into_bytes();
    assert_eq!(shop.customer().sends(&address, "application/json", body).await.status, 200);
    eventually("its end", async || {
        shop.platform_has("not-ours").await.iter().any(|one| one.starts_with("payout success")).then_some(())
    })
    .await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let page = compares(&shop, &finance).await;
    assert_eq!(titles(&page), ["Extra payout: payment not-ours"]);
    let (told, page) = heals(&finance, &shown(&page)[0].0).await;
    assert!(told.contains("still differ") && !shown(&page)[0].2, "{told}");
    assert_eq!(shop.open_kinds(), ["unknown payment"], "a person decides");
    assert!(
        page.body.contains("change your project&#x27;s key") || page.body.contains("change your project's key"),
        "{}",
        page.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_that_becomes_another_one_is_not_healed() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("BE", "bancontact").await;
    let operation = newest_operation(&shop, purchase.payment_id()).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    register_tells(&shop, json!([{ "change": "amount", "operation_id": operation }])).await;
    let id = shown(&compares(&shop, &finance).await)[0].0.clone();
    register_tells(&shop, json!([{ "change": "status", "operation_id": operation }])).await;
    let (told, page) = heals(&finance, &id).await;
    assert!(told.contains("still differ"), "{told}");
    let now: Vec<_> = shown(&page)
        .into_iter()
        .map(|(_, title, healed)| (title.split(',').next().unwrap_or_default().to_owned(), healed))
        .collect();
    assert_eq!(now, [("Another amount".to_owned(), true), ("Another status".to_owned(), false)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_that_cannot_be_read_is_said_and_nothing_else() {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let shop = TestShop::start_with(&[("DATA_API_URL", &nobody)]).await;
    shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let page = compares(&shop, &finance).await;
    assert!(page.body.contains("nobody knows what differs") && page.body.contains("does not answer"), "{}", page.body);
    assert!(shown(&page).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_that_are_none_come_back_with_what_is_wrong() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    for (from, to, why) in [
        ("", "2026-01-31", "This is needed"),
        ("2026-01-31", "<b>now</b>", "is no day such as"),
        ("2026-02-30", "2026-03-01", "is no day such as"),
        ("2026-02-02", "2026-02-01", "The last day is before the first"),
        ("2026-02-02", "9999-12-31", "beyond the calendar"),
        ("' OR '1'='1", "2026-02-01", "is no day such as"),
    ] {
        let page = finance.posts(PAGE, &[("from", from), ("to", to)]).await;
        assert!(page.status == 422 && page.body.contains(why) && !page.body.contains("<b>now"), "{from} {to}: {}", page.body);
    }
    assert!(finance.sees(PAGE).await.body.contains("Nothing was compared yet."));
    for (address, status) in [("?run=1", 404), ("?run=x", 404), ("?after=x", 200), ("?told=%3Cscript%3E", 200), ("?run[]=1", 200)] {
        assert_eq!(finance.opens(&format!("{PAGE}{address}")).await.status, status, "{address}");
    }
    for id in ["1", "-1", "x", "1;--"] {
        assert_eq!(finance.posts(&format!("{PAGE}/differences/{id}/healing"), &[]).await.status, 404, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_only_look_presses_nothing() {
    let shop = TestShop::start().await;
    let purchase = paid_in_silence(&shop).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let id = shown(&compares(&shop, &finance).await)[0].0.clone();
    for role in ["viewer", "support"] {
        let other = Operator::signs_in(&shop, role).await;
        let page = other.sees(PAGE).await;
        assert!(titles(&page)[0].contains(purchase.payment_id()) && !page.body.contains("/healing\""), "{role}");
        assert!(!page.body.contains("<form method=\"post\" action=\"/admin/reconciliation\""), "{role}");
        assert_eq!(other.posts(PAGE, &[("from", "2026-01-01"), ("to", "2026-01-01")]).await.status, 403, "{role}");
        assert_eq!(other.posts(&format!("{PAGE}/differences/{id}/healing"), &[]).await.status, 403, "{role}");
    }
    assert_eq!(shop.status_of(&purchase).await, "none", "nobody asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comparison_that_takes_long_is_followed_and_no_second_one_begins() {
    let (slow, release) = slow_register().await;
    let shop = TestShop::start_with(&[("DATA_API_URL", &slow)]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let days = [("from", "2026-01-01"), ("to", "2026-01-01")];
    assert_eq!(finance.posts(PAGE, &days).await.status, 303);
    let page = eventually("how far it came", async || {
        let page = finance.sees(PAGE).await;
        page.body.contains("1 of 3 rows").then_some(page)
    })
    .await;
    assert!(page.body.contains("<progress max=\"3\" value=\"1\""), "{}", page.body);
    assert!(page.body.contains("http-equiv=\"refresh\""), "it loads again without scripts");
    assert_eq!(page.attribute("data-event").as_deref(), Some("1 under way 30"));
    let again = finance.posts(PAGE, &days).await;
    assert!(again.status == 422 && again.body.contains("A comparison is under way"), "{}", again.body);
    release.send(()).expect("it waits");
    let page = eventually("its end", async || {
        let page = finance.sees(PAGE).await;
        page.body.contains("Ended").then_some(page)
    })
    .await;
    assert!(page.body.contains("nobody knows what differs") && !page.body.contains("http-equiv=\"refresh\""), "{}", page.body);
    assert_eq!(finance.posts(PAGE, &days).await.status, 303, "now the next one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_are_the_merchants() {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "Pacific/Kiritimati")]).await;
    shop.sold("KR", "payco-wallet").await;
    let operation = {
        let page = shop.customer().opens(&format!("{}/control/payments", shop.sandbox.address)).await;
        let all: Value = serde_json::from_str(&page.body).expect("JSON");
        newest_operation(&shop, all[0]["payment_id"].as_str().expect("a payment")).await
    };
    register_tells(&shop, json!([{ "change": "missing", "operation_id": operation }])).await;
    let there = shop.now().to_zoned(jiff::tz::TimeZone::get("Pacific/Kiritimati").expect("a zone")).date();
    let found =
        |day: jiff::civil::Date| shop.command(&["reconcile", "--from", &day.to_string(), "--to", &day.to_string()], "").code;
    assert_eq!((found(there), found(there.yesterday().expect("a day"))), (1, 0), "fourteen hours ahead of UTC");
}

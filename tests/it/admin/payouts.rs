//! Paying out from a customer's page, and the list of payouts.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::kit::{
    Operator, Page, Purchase, TestShop, eventually,
    people::{code_of, sets_up_second_factor},
};

fn page_of(purchase: &Purchase) -> String {
    format!("/admin/customers/{}", purchase.parameter("customer_id"))
}

const GOOD: [(&str, &str); 3] = [("account", "09123456789"), ("full_name", "Maria Santos"), ("amount", "150.50")];

async fn sends(operator: &Operator, purchase: &Purchase, name: &str, typed: &[(&str, &str)]) -> Page {
    let mut form = [&GOOD[..], &[("name", name)]].concat();
    form.retain(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    operator.confirms(&format!("{}/payouts", page_of(purchase)), &[&form, typed].concat()).await
}

async fn pays_out(operator: &Operator, purchase: &Purchase, typed: &[(&str, &str)]) -> Page {
    let page = operator.sees(&format!("{}?still=1", page_of(purchase))).await;
    sends(operator, purchase, &page.input("name"), typed).await
}

async fn ends(operator: &Operator, address: &str, progress: &str) -> Page {
    eventually(&format!("a payout that is {progress}"), async || {
        let page = operator.sees(address).await;
        page.body.contains(&format!("data-progress=\"{progress}\"")).then_some(page)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_paid_by_paymaya_is_paid_out_and_another_is_told_why_not() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let page = finance.sees(&page_of(&purchase)).await;
    for said in [purchase.order_number(), "maria@example.com", "Nothing was paid out", "₱1.00 to ₱20,000.00"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let answer = pays_out(&finance, &purchase, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let told = finance.sees(answer.location().expect("the page")).await;
    assert!(told.body.contains("The payout is written down"), "{}", told.body);
    let page = ends(&finance, &page_of(&purchase), "done").await;
    let payment_id = page.attribute("data-payout").expect("the payout");
    assert_eq!(shop.platform_has(&payment_id).await, ["payout success 15050"]);
    assert!(finance.sees(&format!("/admin/payouts?q={payment_id}")).await.body.contains("₱150.50"));
    assert_eq!(shop.command(&["books"], "").code, 0);

    let other = shop.sold("KR", "payco-wallet").await;
    let page = finance.sees(&page_of(&other)).await;
    assert!(page.body.contains("has paid nothing by PayMaya") && !page.body.contains("name=\"account\""), "{}", page.body);
    let refused = sends(&finance, &other, "AAAAAAAAAAAAAAAAAAAAAA", &[]).await;
    assert!(refused.status == 422 && refused.body.contains("has paid nothing by PayMaya"), "{}", refused.status);
    let unpaid = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    assert_eq!(sends(&finance, &unpaid, "AAAAAAAAAAAAAAAAAAAAAB", &[]).await.status, 422, "ordered is not paid");
    assert_eq!(finance.opens("/admin/customers/nobody").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_payout_is_refused_at_its_field_and_what_was_typed_stays() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    for (field, typed, why) in [
        ("account", "0912345678", "11 digits"),
        ("account", "\"><script>x", "11 digits"),
        ("full_name", "a;b", "A full name has"),
        ("full_name", "", "A full name has"),
        ("full_name", "\u{202e}\u{200b}", "A full name has"),
        ("amount", "1,000", "digits and one point"),
        ("amount", "0.99", "A payout is of"),
        ("amount", "20000.01", "A payout is of"),
        ("amount", "-5", "digits and one point"),
    ] {
        let page = pays_out(&finance, &purchase, &[(field, typed)]).await;
        assert!(page.status == 422 && page.body.contains(why), "{field} {typed}: {} {}", page.status, page.body);
        assert_eq!(page.input(field), typed);
        assert!(!page.body.contains("<script>x"), "escaped");
    }
    assert_eq!(sends(&finance, &purchase, "short", &[]).await.status, 400);
    let without = [&GOOD[..], &[("name", "AAAAAAAAAAAAAAAAAAAAAA")]].concat();
    let refused = finance.posts(&format!("{}/payouts", page_of(&purchase)), &without).await;
    assert!(refused.status == 422 && refused.body.contains("This is needed"), "without the password");
    assert!(finance.sees("/admin/payouts").await.body.contains("No payout is here"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_is_one_payout_however_often_and_by_whomever_it_is_sent() {
    let shop = TestShop::start().await;
    let (one, two) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "two", "owner").await);
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let name = one.sees(&page_of(&purchase)).await.input("name");
    let clicks = join_all([&one, &one, &two, &two].map(|who| sends(who, &purchase, &name, &[]))).await;
    assert!(clicks.iter().all(|click| click.status == 303), "{:?}", clicks.iter().map(|click| click.status).collect::<Vec<_>>());
    let changed = sends(&one, &purchase, &name, &[("amount", "151")]).await;
    assert!(changed.status == 422 && changed.body.contains("was sent already"), "{}", changed.body);
    let page = ends(&one, &page_of(&purchase), "done").await;
    assert_eq!(page.body.matches("data-payout").count(), 1);
    assert_eq!(shop.platform_has(&format!("payout-{name}")).await, ["payout success 15050"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_with_a_code_is_one_payout() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let (key, _) = sets_up_second_factor(&shop, &finance).await;
    shop.time_passes(Duration::from_secs(60));
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let name = finance.sees(&page_of(&purchase)).await.input("name");
    let code = code_of(&key, shop.now().as_second());
    let form = [("code", code.as_str())];
    let clicks = join_all((0..4).map(|_| sends(&finance, &purchase, &name, &form))).await;
    assert!(clicks.iter().all(|click| click.status == 303), "{:?}", clicks.iter().map(|click| click.status).collect::<Vec<_>>());
    ends(&finance, &page_of(&purchase), "done").await;
    assert_eq!(shop.platform_has(&format!("payout-{name}")).await, ["payout success 15050"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_above_the_limit_needs_a_second_person_and_only_finance_and_owners_pay_out() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=100")]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let name = finance.sees(&page_of(&purchase)).await.input("name");
    let waits = sends(&finance, &purchase, &name, &[("amount", "100.01")]).await;
    let run = waits.location().expect("the run of one row").to_owned();
    assert!(run.starts_with("/admin/batches/"), "{run}");
    let again = sends(&finance, &purchase, &name, &[("amount", "100.01")]).await;
    assert_eq!(again.location(), Some(run.as_str()), "a double click is the same run");
    assert!(shop.platform_has(&format!("payout-{name}")).await.is_empty(), "nothing is sent before a second person looked");
    let second = Operator::called(&shop, "second", "finance").await;
    let answer = second.confirms(&format!("{run}/approve"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    ends(&finance, &page_of(&purchase), "done").await;
    assert_eq!(shop.platform_has(&format!("payout-{name}")).await, ["payout success 10001"]);

    let to_customer = format!("{}?told=payout", page_of(&purchase));
    for amount in ["60", "40"] {
        assert_eq!(pays_out(&second, &purchase, &[("amount", amount)]).await.location(), Some(to_customer.as_str()), "{amount}");
    }
    let more = pays_out(&second, &purchase, &[("amount", "1")]).await;
    assert!(more.location().is_some_and(|run| run.starts_with("/admin/batches/")), "within a day, parts count together");
    shop.time_passes(Duration::from_secs(24 * 60 * 60 + 1));
    second.enters_password("").await;
    assert_eq!(pays_out(&second, &purchase, &[("amount", "1")]).await.location(), Some(to_customer.as_str()));
    for role in ["viewer", "support"] {
        let operator = Operator::signs_in(&shop, role).await;
        assert!(operator.sees(&page_of(&purchase)).await.body.contains("Finance and owners pay out"));
        assert_eq!(sends(&operator, &purchase, "AAAAAAAAAAAAAAAAAAAAAA", &[]).await.status, 403, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_filtered_by_its_address_paged_by_key_and_summed_up() {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "Asia/Seoul")]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let customer = purchase.parameter("customer_id").to_owned();
    let zone = jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone");
    let pays = |reference: &str, amount: &str| {
        let arguments =
            ["payout", "--customer", &customer, "--account", "09123456789", "--name", "Maria Santos", "--amount", amount];
        let said = shop.command(&[&arguments[..], &["--reference", reference]].concat(), "");
        assert_eq!(said.code, 0, "{said:?}");
    };
    // Commands tell the time by the computer's own clock, which the shop's began with.
    for number in 0..53 {
        pays(&format!("salary-{number:02}"), "1000");
    }
    let today = shop.now().to_zoned(zone).date();
    let mut seen = Vec::new();
    let mut address = "/admin/payouts?q=salary-".to_owned();
    loop {
        let page = finance.sees(&address).await;
        assert!(page.body.contains("53") && page.body.contains("₱530.00"), "the totals are of all: {}", page.body);
        seen.extend(page.body.split("data-payout=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()));
        let Some((before, _)) = page.body.split_once(">Older</a>") else { break };
        address = before.rsplit_once("href=\"").expect("a link").1.trim_end_matches('"').replace("&amp;", "&");
    }
    let mut every: Vec<String> = (0..53).map(|number| format!("salary-{number:02}")).collect();
    seen.sort();
    every.sort();
    assert_eq!(seen, every, "each once");
    let count = async |query: String| finance.sees(&format!("/admin/payouts?{query}")).await.body.matches("data-payout").count();
    assert_eq!(count(format!("from={today}&to={today}&q=salary-0")).await, 10);
    assert_eq!(count(format!("to={}", today.yesterday().expect("a day"))).await, 0);
    assert_eq!(count("q=salary-07".to_owned()).await, 1);
    assert_eq!(count("q=SALARY-07".to_owned()).await, 1, "the platform compares without case");
    assert_eq!(count("q=09123456789".to_owned()).await, 50);
    assert_eq!(count(format!("q={customer}")).await, 50);
    assert_eq!(count("progress=declined".to_owned()).await, 0);
    assert_eq!(count("q=%27%3B+DROP+TABLE+payouts".to_owned()).await, 0);
    for (bad, why) in [
        ("from=yesterday", "is no day such as"),
        ("from=2026-02-02&to=2026-02-01", "The last day is before the first"),
        ("progress=%3Cb%3E", "is not among these"),
        ("after=x", "not one of ours"),
    ] {
        let page = finance.opens(&format!("/admin/payouts?{bad}")).await;
        assert!(page.status == 422 && page.body.contains(why), "{bad}: {} {}", page.status, page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_form_of_a_session_that_is_over_comes_back_and_its_page_tells_by_itself() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let name = finance.sees(&page_of(&purchase)).await.input("name");
    shop.time_passes(Duration::from_secs(31 * 60));
    let asked = sends(&finance, &purchase, &name, &[]).await;
    assert_eq!(asked.status, 401);
    assert!(asked.input("typed").contains("Maria+Santos") && !asked.input("typed").is_empty());
    finance.enters_password("").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    assert_eq!(sends(&finance, &purchase, &name, &[]).await.status, 303);
    let page = finance.sees(&page_of(&purchase)).await;
    assert!(page.body.contains("OrderWatch") && page.body.contains("Make another payout"), "{}", page.body);
    let heard = finance.hears(&format!("{}/events", page_of(&purchase)), "event: status").await;
    assert!(heard.contains("event: status"), "{heard}");
}

//! `/admin/callbacks`: the journal, refused callbacks, and decisions about cases.

use std::time::Duration;

use futures::{StreamExt, stream};
use serde_json::json;
use storefront::server::store::{RefusedCallback, Store};

use crate::kit::{Callback, Folder, Operator, Page, Purchase, TestShop, eventually};

const PAGE: &str = "/admin/callbacks";

async fn told(operator: &Operator, answer: Page) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    operator.sees(answer.location().expect("an address")).await.body
}

/// Two payments of one order, both with money: the second is a case.
async fn paid_twice(shop: &TestShop) -> (Purchase, Purchase) {
    let customer = shop.customer();
    let first = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "")]).await.purchase();
    for purchase in [&second, &first] {
        customer.answers_with(purchase, "approve").await;
        customer.sees(&first.order_path(), "success").await;
    }
    eventually("the case", async || (shop.open_kinds() == ["second payment"]).then_some(())).await;
    (first, second)
}

#[tokio::test]
async fn the_journal_is_searched_by_its_address_and_paged_by_key() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    for number in 0..43 {
        assert_eq!(shop.receives(Callback::sale(&purchase, "processing").with("/n", json!(number)).signed()).await, 200);
    }
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/payment/id", json!("of-nobody")).signed()).await, 200);
    let mut seen = Vec::new();
    let mut address = format!("{PAGE}?q={}", purchase.order_number().to_lowercase());
    loop {
        let page = viewer.sees(&address).await;
        let ids = page.body.split("id=\"callback-").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
        seen.extend(ids);
        let Some((before, _)) = page.body.split_once(">Older</a>") else { break };
        address = before.rsplit_once("href=\"").expect("a link").1.trim_end_matches('"').replace("&amp;", "&");
    }
    assert_eq!(seen.len(), 43);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 43, "each once");

    let count = async |query: &str| viewer.sees(&format!("{PAGE}?{query}")).await.body.matches("id=\"callback-").count();
    assert_eq!(count("verdict=unknown+payment").await, 1);
    assert_eq!(count("q=OF-NOB").await, 1);
    assert_eq!(count("source=status").await, 0);
    let today = shop.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    assert_eq!(count(&format!("from={today}&to={today}&q=of-nobody")).await, 1);
    assert_eq!(count(&format!("to={}", today.yesterday().expect("a day"))).await, 0);
    assert_eq!(count("q=%25&verdict=%27+OR+1%3D1").await, 0);
    for (bad, why) in [("from=x", "is no day such as"), ("source=dream", "is not among these"), ("after=1", "not one of ours")] {
        let page = viewer.opens(&format!("{PAGE}?{bad}")).await;
        assert!(page.status == 422 && page.body.contains(why), "{bad}: {}", page.status);
    }
    let page = viewer.sees(&format!("{PAGE}?q=%3Cscript%3Ealert(1)%3C/script%3E&told=%3Cb%3E")).await;
    assert!(!page.body.contains("<script>alert(1)") && !page.body.contains("<b>"), "escaped");
}

#[tokio::test]
async fn refused_callbacks_are_counted_and_nothing_of_them_is_kept() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let forged = Callback::sale(&purchase, "success").signed().replace("success", "Success");
    for _ in 0..3 {
        assert_eq!(shop.receives(forged.clone()).await, 400);
    }
    assert_eq!(shop.receives("<script>secret-of-a-stranger</script>").await, 400);
    assert_eq!(shop.receives("x".repeat(300_000)).await, 413);
    let page = eventually("the record", async || {
        let page = viewer.sees(PAGE).await;
        let has_all = ["signature_wrong", "not_json", "too_large"]
            .iter()
            .all(|reason| page.body.contains(&format!("data-refused=\"{reason}\"")));
        has_all.then_some(page)
    })
    .await;
    let row =
        page.body.split("data-refused=\"signature_wrong\"").nth(1).and_then(|rest| rest.split("</tr>").next()).unwrap_or_default();
    assert!(row.contains(">3<"), "one row for the same bytes: {row}");
    assert!(!page.body.contains("secret-of-a-stranger"));
    assert!(!shop.folder.database_holds("secret-of-a-stranger"), "whoever sent it may be anyone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_refused_callbacks_leaves_the_shop_as_it_is_and_a_short_record() {
    let shop = TestShop::start().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let flood = (0..3000).map(|number| shop.receives(format!("{{\"n\":{number}}}")));
    let answers: Vec<u16> = stream::iter(flood).buffer_unordered(50).collect().await;
    assert!(answers.iter().all(|status| *status == 400));
    let purchase = shop.sold("KR", "payco-wallet").await;
    assert_eq!(shop.status_of(&purchase).await, "success");
    eventually("a record", async || viewer.sees(PAGE).await.body.contains("signature_missing").then_some(())).await;
    let metrics = shop.figures().await;
    assert!(metrics.contains("refused_callbacks_left_out_total"), "what does not fit into the queue waits nowhere");
}

#[tokio::test]
async fn of_refused_callbacks_the_newest_thousand_stay_on_record() {
    let folder = Folder::new();
    let store = Store::open(&folder.database()).await.expect("a store");
    let refused = |number: i64| {
        let digest = std::array::from_fn(|place| number.to_le_bytes().get(place).copied().unwrap_or_default());
        RefusedCallback { at: number, reason: "not_json".to_owned(), size: 1, digest }
    };
    store.note_refused(&(0..1_100).map(refused).collect::<Vec<_>>()).await.expect("a store that takes them");
    let kept: Vec<_> = store.refused_callbacks(2_000).await.expect("rows").iter().map(|row| row.last_at).collect();
    assert_eq!(kept, (100..1_100).rev().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_is_applied_again_by_the_present_keys_and_tells_what_came_of_it() {
    let shop = TestShop::start().await;
    let support = Operator::signs_in(&shop, "support").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let page = support.sees(&format!("{PAGE}?q={}", purchase.payment_id())).await;
    let id = page.body.split("id=\"callback-").nth(1).and_then(|rest| rest.split('"').next()).expect("a callback").to_owned();
    let again = format!("/admin/callbacks/{id}/application");
    let nothing_new = "went through the rules again. It changed nothing.";
    assert!(told(&support, support.posts(&again, &[]).await).await.contains(nothing_new));
    let on_order = support.posts(&again, &[("order", "https://evil.example")]).await;
    assert!(on_order.location().is_some_and(|address| address.starts_with(&format!("/admin/orders/{}", purchase.order_number()))));
    assert!(told(&support, on_order).await.contains("apply callback again"), "the act is in the timeline");
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.command(&["books"], "").code, 0);

    let odd = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1));
    assert_eq!(shop.receives(odd.signed()).await, 200);
    let page = support.sees(&format!("{PAGE}?verdict=wrong+amount")).await;
    let id = page.body.split("id=\"callback-").nth(1).and_then(|rest| rest.split('"').next()).expect("a callback").to_owned();
    let answer = support.posts(&format!("/admin/callbacks/{id}/application"), &[]).await;
    assert!(told(&support, answer).await.contains("still waits for a person"));
    assert_eq!(shop.open_kinds(), ["wrong amount"], "and no second case");
    for nothing in ["/admin/callbacks/999999/application", "/admin/callbacks/x/application", "/admin/cases/999/acceptance"] {
        let owner = Operator::signs_in(&shop, "owner").await;
        assert_eq!(owner.posts(nothing, &[]).await.status, 404, "{nothing}");
    }
    let viewer = Operator::signs_in(&shop, "viewer").await;
    assert_eq!(viewer.posts(&again, &[]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_are_accepted_or_ignored_with_a_reason_and_each_is_an_act() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1)).signed()).await, 200);
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/payment/id", json!("of-nobody")).signed()).await, 200);
    let page = finance.sees(PAGE).await;
    for said in ["What waits for a person: 2", "payment success, 0.01 EUR", "no such payment", "another amount or currency"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let [wrong, unknown] = &shop.open_cases()[..] else { panic!("two cases") };
    let address = |id: &str, act: &str| format!("/admin/cases/{id}/{act}");
    assert!(!page.body.contains(&address(&unknown.id, "acceptance")), "there is nothing it could move");
    let refused = finance.posts(&address(&unknown.id, "acceptance"), &[]).await;
    assert!(refused.status == 422 && refused.body.contains("dismiss it instead"), "{}", refused.body);
    let refused = finance.confirms(&address(&unknown.id, "dismissal"), &[("reason", "  ")]).await;
    assert!(refused.status == 422 && refused.body.contains("A reason has 1 to"), "{}", refused.body);
    let long = format!("<b>{}", "x".repeat(500));
    let refused = finance.confirms(&address(&unknown.id, "dismissal"), &[("reason", &long)]).await;
    let stays = refused.inputs().contains(&("reason".to_owned(), long));
    assert!(refused.status == 422 && stays, "what was typed stays: {}", refused.body);
    assert!(
        told(&finance, finance.confirms(&address(&unknown.id, "dismissal"), &[("reason", "not <i>ours</i>")]).await)
            .await
            .contains("ignored")
    );

    let other = Operator::called(&shop, "other", "finance").await;
    let accepts = address(&wrong.id, "acceptance");
    let (first, second) = tokio::join!(finance.confirms(&accepts, &[]), other.confirms(&accepts, &[]));
    let (winner, loser) = if first.status == 303 { (first, second) } else { (second, first) };
    assert_eq!(winner.status, 303);
    assert!(loser.status == 422 && loser.body.contains("Somebody closed it already"), "{} {}", loser.status, loser.body);
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.open_cases(), []);
    let page = finance.sees(&format!("/admin/orders/{}", purchase.order_number())).await;
    assert!(page.body.contains("accept case") && page.body.contains("was accepted"), "{}", page.body);
    let owner = Operator::signs_in(&shop, "owner").await;
    let acts = owner.sees("/admin/acts").await.body;
    assert!(acts.contains("dismiss case") && acts.contains("not &lt;i&gt;ours"), "{acts}");
    for act in ["acceptance", "dismissal", "refund"] {
        let support = Operator::signs_in(&shop, "support").await;
        assert_eq!(support.posts(&address(&wrong.id, act), &[("reason", "x")]).await.status, 403, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_cases_are_ignored_at_once_by_their_numbers() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    for number in 1..=4 {
        let of_nobody = Callback::sale(&purchase, "success").with("/payment/id", json!(format!("of-nobody-{number}")));
        assert_eq!(shop.receives(of_nobody.signed()).await, 200);
    }
    let ids: Vec<_> = shop.open_cases().into_iter().map(|case| case.id).collect();
    let [first, second, third, fourth] = &ids[..] else { panic!("{ids:?}") };
    let several = "/admin/cases/dismissal";
    assert!(finance.sees(PAGE).await.body.contains(several));
    for (cases, why) in [
        ("", "At least one"),
        ("x", "no number of a case"),
        ("4-1", "no number of a case"),
        ("1-999999999", "At most"),
        ("-9223372036854775808", "no number of a case"),
        (&*format!("{first} 999999"), "There is no open case 999999"),
    ] {
        let refused = finance.confirms(several, &[("cases", cases), ("reason", "another shop's")]).await;
        assert!(refused.status == 422 && refused.body.contains(why), "{cases:?}: {} {}", refused.status, refused.body);
    }
    let wanted = format!("{first}-{second}, {fourth}");
    assert_eq!(finance.posts(several, &[("cases", &wanted), ("reason", "another shop's")]).await.status, 422, "not confirmed");
    assert_eq!(finance.confirms(several, &[("cases", &wanted), ("reason", "")]).await.status, 422);
    assert_eq!(shop.open_cases().len(), 4, "so far nothing was decided");
    let answer = finance.confirms(several, &[("cases", &wanted), ("reason", "another shop's")]).await;
    assert!(told(&finance, answer).await.contains("3 cases are closed."));
    let left: Vec<_> = shop.open_cases().into_iter().map(|case| case.id).collect();
    assert_eq!(left, std::slice::from_ref(third));
    let support = Operator::signs_in(&shop, "support").await;
    assert_eq!(support.posts(several, &[("cases", third), ("reason", "x")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_about_the_shops_money_is_never_ignored_among_many() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let sale = Callback::sale(&purchase, "success");
    let of_nobody = |name: &str| sale.clone().with("/payment/id", json!(name));
    let of_another = of_nobody("of-another-project").with("/project_id", json!(1));
    let ours = sale.clone().with("/payment/sum/amount", json!(1));
    for told in [of_nobody("of-nobody-1"), ours, of_another, of_nobody("of-nobody-2")] {
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    assert_eq!(shop.open_kinds(), ["unknown payment", "wrong amount", "other project", "unknown payment"]);
    let ids: Vec<_> = shop.open_cases().into_iter().map(|case| case.id).collect();
    let [first, ours, another, last] = &ids[..] else { panic!("{ids:?}") };
    let several = "/admin/cases/dismissal";
    let reason = "of another shop";
    for (cases, why) in [
        (format!("{first} {ours}"), format!("Case {ours} (wrong amount) may be about this shop")),
        (format!("{ours}-{ours}"), "No open case from".to_owned()),
    ] {
        let refused = finance.confirms(several, &[("cases", &cases), ("reason", reason)]).await;
        assert!(refused.status == 422 && refused.body.contains(&why), "{cases}: {} {}", refused.status, refused.body);
        for typed in [("cases".to_owned(), cases), ("reason".to_owned(), reason.to_owned())] {
            assert!(refused.inputs().contains(&typed), "{typed:?} stays: {}", refused.body);
        }
    }
    assert_eq!(shop.open_cases().len(), 4, "so far nothing was decided");
    let answer = finance.confirms(several, &[("cases", &format!("{first}-{another}")), ("reason", reason)]).await;
    assert!(told(&finance, answer).await.contains("2 cases are closed."));
    let answer = finance.confirms(several, &[("cases", &format!("1-{last}")), ("reason", reason)]).await;
    assert!(told(&finance, answer).await.contains("1 case is closed."));
    assert_eq!(shop.open_kinds(), ["wrong amount"], "what may be about money is decided one by one");
    for forged in ["dismissed-", "dismissed-9999", "dismissed-1<b>"] {
        assert!(!finance.sees(&format!("{PAGE}?told={forged}")).await.body.contains("closed"), "{forged}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deciding_a_case_needs_the_password_once_more() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1)).signed()).await, 200);
    let case = shop.open_cases().pop().expect("the case");
    for (act, field) in [("acceptance", "case-accept-"), ("dismissal", "case-dismiss-")] {
        let address = format!("/admin/cases/{}/{act}", case.id);
        let form = [("reason", "not ours")];
        let unproved = finance.posts(&address, &form).await;
        assert!(unproved.status == 422 && unproved.body.contains("This is needed"), "{act}: {}", unproved.status);
        let wrong = finance.posts(&address, &[form[0], ("password", "not the password at all")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("This password is not right"), "{act}: {}", wrong.status);
        assert!(wrong.body.contains(&format!("id=\"{field}{}", case.id)), "{act} has a field of its own: {}", wrong.body);
        assert_eq!(shop.open_cases().len(), 1, "{act}");
    }
    assert_eq!(shop.status_of(&purchase).await, "none");
    assert_eq!(finance.confirms(&format!("/admin/cases/{}/acceptance", case.id), &[]).await.status, 303);
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_payment_is_given_back_from_its_case_once() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let (first, second) = paid_twice(&shop).await;
    let case = shop.open_cases().pop().expect("the case");
    let page = finance.sees(PAGE).await;
    let (name, amount) = (page.input("name"), page.input("amount"));
    assert_eq!(amount, first.amount().to_string(), "all of it stands in the form");
    let address = format!("/admin/cases/{}/refund", case.id);
    let form = [("name", name.as_str()), ("amount", amount.as_str()), ("reason", "paid twice")];
    for (bad, why) in [
        (&[("name", name.as_str()), ("amount", "1.5"), ("reason", "x")][..], "digits alone"),
        (&[("name", name.as_str()), ("amount", "99999999"), ("reason", "x")], "is left to refund now"),
        (&[("name", name.as_str()), ("amount", "1"), ("reason", "")], "A reason has 1 to 255"),
    ] {
        let page = finance.confirms(&address, bad).await;
        assert!(page.status == 422 && page.body.contains(why), "{why}: {} {}", page.status, page.body);
    }
    let unproved = finance.posts(&address, &form).await;
    assert!(unproved.status == 422 && unproved.body.contains("This is needed"), "{}", unproved.body);
    assert_eq!(shop.open_cases().len(), 1);
    assert!(told(&finance, finance.confirms(&address, &form).await).await.contains("the refund is on its way"));
    assert!(told(&finance, finance.confirms(&address, &form).await).await.contains("the refund is on its way"), "a double click");
    let late = finance.confirms(&address, &[("name", "AAAAAAAAAAAAAAAAAAAAAA"), ("amount", "1"), ("reason", "x")]).await;
    assert!(late.status == 422 && late.body.contains("Somebody closed it already"), "{}", late.body);
    assert_eq!(shop.open_cases(), []);
    eventually("one refund", async || {
        let operations = shop.platform_has(first.payment_id()).await;
        operations.contains(&format!("refund success {amount}")).then_some(())
    })
    .await;
    assert_eq!(shop.platform_has(second.payment_id()).await.len(), 1, "the other payment is kept");
    let page = finance.sees(&format!("/admin/orders/{}", first.order_number())).await;
    assert!(page.body.contains("was refunded") && page.body.contains("paid twice"), "{}", page.body);
    assert_eq!(shop.command(&["books"], "").code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_of_a_session_that_is_over_comes_back_and_hostile_bodies_are_text() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let hostile = Callback::sale(&purchase, "<script>alert(1)</script>")
        .with("/payment/id", json!("</code><img src=x onerror=alert(2)>"))
        .with("/operation/type", json!("\u{202e}<i>x"));
    assert_eq!(shop.receives(hostile.signed()).await, 200);
    let page = finance.sees(PAGE).await;
    for bad in ["<script>alert", "<img src=x", "<i>x"] {
        assert!(!page.body.contains(bad), "{bad}");
    }
    let address = format!("/admin/cases/{}/dismissal", shop.open_cases()[0].id);
    shop.time_passes(Duration::from_secs(31 * 60));
    let asked = finance.posts(&address, &[("reason", "somebody tried")]).await;
    assert_eq!((asked.status, asked.input("typed").as_str()), (401, "reason=somebody+tried"));
    assert_eq!(shop.open_cases().len(), 1);
}

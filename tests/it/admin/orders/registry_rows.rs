//! The registry's rows agree with the attempts and refunds of each order; filters that cannot be read are named; its files hold no
//! formulas.

use serde_json::{Value, json};

use crate::kit::{Callback, Operator, Purchase, TestShop, by_hand, unescaped};

fn number(purchase: &Purchase) -> String {
    purchase.payment_id().split('-').next().unwrap_or_default().to_owned()
}

/// State, platform's word, method, and what was given back, as the registry's file tells them.
async fn told(operator: &Operator, purchase: &Purchase) -> String {
    let page = operator.sees(&format!("/admin/orders/export.json?q={}", number(purchase))).await;
    let rows: Value = serde_json::from_str(&page.body).expect("JSON");
    let text = |name: &str| rows[0][name].as_str().unwrap_or("-").to_owned();
    let paid = if rows[0]["paid_at"].is_null() { "unpaid" } else { "was paid" };
    format!("{}, {}, {}, {} back, {paid}", text("state"), text("status"), text("method"), rows[0]["refunded_minor"])
}

/// `storefront books` compares what is stored with what the orders say.
fn agrees(shop: &TestShop) {
    let said = shop.command(&["books"], "");
    assert!(said.code == 0 && said.stdout.ends_with("the books agree\n"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_done_the_registry_tells_what_the_orders_tell() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let customer = shop.customer();

    let tried = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(told(&operator, &tried).await, "none, -, bancontact, 0 back, unpaid");
    shop.receives(Callback::sale(&tried, "awaiting redirect result").signed()).await;
    assert_eq!(told(&operator, &tried).await, "processing, awaiting redirect result, bancontact, 0 back, unpaid");
    shop.receives(Callback::sale(&tried, "decline").signed()).await;
    assert_eq!(told(&operator, &tried).await, "declined, decline, bancontact, 0 back, unpaid");
    let again = customer.posts(&format!("{}/pay", tried.order_path()), &[("payment_method", "bancontact")]).await.purchase();
    assert_eq!(told(&operator, &tried).await, "none, -, bancontact, 0 back, unpaid");
    agrees(&shop);
    shop.receives(Callback::sale(&again, "success").signed()).await;
    assert_eq!(told(&operator, &tried).await, "paid, success, bancontact, 0 back, was paid");
    // The first attempt is paid after all: a second payment, and still one order.
    shop.receives(Callback::sale(&tried, "success").signed()).await;
    assert_eq!(told(&operator, &tried).await, "paid, success, bancontact, 0 back, was paid");
    // Money goes back of the attempt that does not settle the order.
    shop.receives(Callback::refund(&tried, "refunded", "success", tried.amount()).signed()).await;
    assert_eq!(told(&operator, &tried).await, format!("paid, success, bancontact, {} back, was paid", tried.amount()));
    agrees(&shop);

    let refunded = customer.buys("KR", "payco-wallet", "approve").await;
    let part = ["refund", refunded.payment_id(), "--amount", "100", "--currency", "KRW", "--reason", "x"];
    assert_eq!(shop.command(&part, "").code, 0);
    customer.sees(&refunded.order_path(), "partially refunded").await;
    assert_eq!(told(&operator, &refunded).await, "partially refunded, partially refunded, payco-wallet, 100 back, was paid");
    agrees(&shop);
    assert_eq!(shop.command(&["refund", refunded.payment_id(), "--reason", "x"], "").code, 0);
    customer.sees(&refunded.order_path(), "refunded").await;
    let all = refunded.amount();
    assert_eq!(told(&operator, &refunded).await, format!("refunded, refunded, payco-wallet, {all} back, was paid"));
    agrees(&shop);

    // A refund that is told and changes no word of the payment.
    let paid = customer.orders("BE", "flax-twine", "bancontact").await;
    shop.receives(Callback::sale(&paid, "success").signed()).await;
    shop.receives(Callback::refund(&paid, "success", "success", 5).signed()).await;
    assert_eq!(told(&operator, &paid).await, "paid, success, bancontact, 5 back, was paid");
    // One that waits for a person, and is accepted.
    let doubtful = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let less =
        Callback::sale(&doubtful, "success").with("/payment/sum/amount", json!(1)).with("/operation/sum_initial/amount", json!(1));
    shop.receives(less.signed()).await;
    assert_eq!(told(&operator, &doubtful).await, "none, -, paymaya-wallet, 0 back, unpaid");
    let case = shop.open_cases().into_iter().find(|case| case.payment_id == doubtful.payment_id()).expect("a case");
    assert_eq!(shop.command(&["cases", "accept", &case.id], "").code, 0);
    assert!(told(&operator, &doubtful).await.starts_with("paid, success, "));
    agrees(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_that_did_not_reach_the_platform_is_told_as_declined() {
    let shop = TestShop::start_with(&[("PAYMENT_PATH", "gate"), ("GATE_URL", "http://127.0.0.1:9")]).await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("payco-wallet", "maria@example.com", "Peeters").await;
    let order = waiting.location().expect("led on").trim_end_matches("/continue").to_owned();
    customer.sees(&order, "decline").await;
    let page = operator.sees("/admin/orders/export.json?state=declined").await;
    assert!(page.body.contains("\"status\":\"decline\""), "{}", page.body);
    agrees(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_what_the_registry_tells_is_found() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    for (change, back, named) in [
        ("UPDATE orders SET state = 'paid'", "UPDATE orders SET state = 'none'", "the registry has paid"),
        ("UPDATE orders SET refunded_minor = 1", "UPDATE orders SET refunded_minor = 0", "refunded 1"),
        (
            "UPDATE order_totals SET orders = orders + 1 WHERE id = (SELECT min(id) FROM order_totals)",
            "UPDATE order_totals SET orders = orders - 1 WHERE id = (SELECT min(id) FROM order_totals)",
            "the totals are not the sums",
        ),
    ] {
        by_hand(&shop.folder, change).expect("a change");
        let said = shop.command(&["books"], "");
        assert!(said.code == 1 && said.stdout.contains(named), "{change}: {said:?}");
        by_hand(&shop.folder, back).expect("a change");
        agrees(&shop);
    }
    assert_eq!(purchase.amount(), 350);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_told_beside_its_field_and_nothing_is_left_out_silently() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    for (query, field, told) in [
        ("state=payed", "state", "is not among these"),
        ("method=cash", "method", "is not among these"),
        ("market=XX", "market", "is not among these"),
        ("currency=EURO", "currency", "is not among these"),
        ("from=2026-02-30", "from", "is no day such as"),
        ("from=2026-01-02&to=2026-01-01", "to", "The last day is before the first"),
        ("min=5", "min", "Choose a currency"),
        ("currency=KRW&max=5.00", "max", "0 digits after the point"),
        ("currency=EUR&min=1e3", "min", "is no amount of EUR"),
        ("currency=EUR&min=2&max=1", "max", "less than the least"),
        ("q=a%00b", "q", "an invisible character (U+0000) after the 1st character"),
        ("sort=largest", "sort", "Choose a currency"),
    ] {
        for address in ["/admin/orders", "/admin/orders/export.csv", "/admin/orders/export.xlsx", "/admin/orders/export.json"] {
            let page = operator.opens(&format!("{address}?{query}")).await;
            assert_eq!(page.status, 422, "{address}?{query}");
            let (_, beside) =
                page.body.split_once(&format!("id=\"{field}-error\"")).unwrap_or_else(|| panic!("{query}: {}", page.body));
            let beside = unescaped(beside.split("</p>").next().unwrap_or_default());
            assert!(beside.contains(told), "{query}: {beside}");
        }
    }
    for (query, told) in [
        ("after=x", "after:"),
        ("after=1-2&before=1-2", "not both"),
        ("stat=paid", "There is no filter \"stat\"."),
        ("state=paid&state=none", "state is given twice."),
    ] {
        let page = operator.opens(&format!("/admin/orders?{query}")).await;
        assert!(page.status == 422 && unescaped(&page.body).contains(told), "{query}: {}", page.body);
    }
    let typed = operator.opens("/admin/orders?state=payed&q=%22%3E%3Cscript%3E&min=5").await;
    assert!(typed.body.contains("value=\"5\"") && !typed.body.contains("<script>"), "{}", typed.body);
    assert!(operator.sees("/admin/orders").await.body.contains("Nobody has ordered anything yet."));
    assert!(operator.sees("/admin/orders?state=paid").await.body.contains("No order matches this filter."));
    // Nothing but an empty form.
    assert_eq!(operator.opens("/admin/orders?q=&state=&method=&market=&currency=&from=&to=&min=&max=&sort=").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_beginning_of_too_many_orders_asks_for_more_of_it() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    by_hand(&shop.folder, "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO orders (number, token, order_key, market, language, customer_id, email, total_minor, currency, placed_at, held_until, state, method)
         SELECT 'X' || substr(CAST(1000000000 + i AS TEXT), 2), 't' || i, 'k' || i, 'BE', 'en', 'c' || i, 'maria@example.com', 100, 'EUR', 1793232000 + i, 0, 'paid', 'bancontact' FROM n").expect("a change");
    for address in ["/admin/orders", "/admin/orders/export.csv"] {
        let page = operator.opens(&format!("{address}?q=maria")).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("More than 10000 orders begin with this: write more of it"), "{}", page.body);
    }
    assert!(operator.sees("/admin/orders?q=X00000012").await.body.contains("X000000120"));
    // Ten thousand and one in one file, each once.
    let csv = operator.sees("/admin/orders/export.csv").await.body;
    let mut numbers: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((csv.lines().count(), numbers.len()), (10_002, 10_001));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_say_amounts_moments_and_addresses_without_a_formula() {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "Asia/Seoul")]).await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 2).await;
    let purchase = customer.checks_out("bancontact", "=1+1@example.com", "Peeters").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    assert_eq!(shop.customer().opens("/admin/orders/export.csv").await.status, 303, "nobody's without signing in");
    let operator = Operator::signs_in(&shop, "viewer").await;

    let csv = operator.sees("/admin/orders/export.csv?market=BE").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"orders.csv\"");
    let mut reader = csv::Reader::from_reader(csv.body.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = reader.records().next().expect("a row").expect("a whole row");
    let cell = |name: &str| &row[header.iter().position(|column| column == name).expect("a column")];
    assert_eq!(cell("email"), "'=1+1@example.com");
    assert_eq!((cell("total"), cell("total_minor"), cell("currency")), ("7.00", "700", "EUR"));
    assert_eq!((cell("refunded"), cell("refunded_minor"), cell("state")), ("0.00", "0", "paid"));
    let placed = shop.now().to_zoned(jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone"));
    assert_eq!(cell("placed_at"), placed.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
    assert!(cell("placed_at").ends_with("+09:00") && cell("paid_at") == cell("placed_at"));

    let json = operator.sees("/admin/orders/export.json").await;
    let rows: Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(rows[0]["email"], "=1+1@example.com");
    let sheet = operator.sees("/admin/orders/export.xlsx").await;
    assert!(sheet.body.starts_with("PK") && sheet.header("content-type").contains("spreadsheetml"));
    let page = operator.sees("/admin/orders").await;
    assert!(page.body.contains("=1+1@example.com") && page.body.contains("€7.00"));
}

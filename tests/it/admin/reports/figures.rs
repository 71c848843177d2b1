//! Reports add up: every figure is the sum of its rows and of the books, and none mixes currencies.

use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::kit::{Callback, Operator, Page, Purchase, TestShop, by_hand, eventually};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A shop after some days of all kinds of things, and the first and last of them in the merchant's calendar.
pub struct History {
    pub shop: TestShop,
    pub operator: Operator,
    pub first: String,
    pub last: String,
}

async fn refunded(shop: &TestShop, purchase: &Purchase, rest: &[&str], status: &str) {
    let asked = ["refund", purchase.payment_id(), "--reason", "sent back"];
    let said = shop.command(&[&asked[..], rest].concat(), "");
    assert_eq!(said.code, 0, "{said:?}");
    shop.customer().sees(&purchase.order_path(), status).await;
}

fn today(shop: &TestShop, zone: &str) -> String {
    shop.now().to_zoned(TimeZone::get(zone).expect("a zone")).date().to_string()
}

/// Three methods, partial and full refunds, declines, a payout; two days apart, and one more until now.
pub async fn mixed_history(zone: &str) -> History {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", zone)]).await;
    let first = today(&shop, zone);
    let korean = shop.sold("KR", "payco-wallet").await;
    refunded(&shop, &korean, &["--amount", "100", "--currency", "KRW", "--name", "=1+1"], "partially refunded").await;
    let earner = shop.sold("PH", "paymaya-wallet").await;
    // Declined at first, paid at the second try; another one declined for good, one without a word, one under way.
    let customer = shop.customer();
    let declined = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&declined, "decline").signed()).await, 200);
    let second = customer.posts(&format!("{}/pay", declined.order_path()), &[("payment_method", "bancontact")]).await.purchase();
    assert_eq!(shop.receives(Callback::sale(&second, "success").signed()).await, 200);
    let stuck = shop.customer().orders("KR", "flax-twine", "payco-wallet").await;
    let payco = Callback::sale(&stuck, "processing").with("/payment/method", json!("payco"));
    assert_eq!(shop.receives(payco.signed()).await, 200);
    shop.customer().orders("BE", "flax-twine", "bancontact").await;
    // What it is to be paid with is chosen on the Payment Page.
    shop.customer().orders("BE", "flax-twine", "").await;

    shop.time_passes(2 * DAY);
    refunded(&shop, &korean, &[], "refunded").await;
    let belgian = shop.sold("BE", "bancontact").await;
    refunded(&shop, &belgian, &[], "refunded").await;
    let lost = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let reason = Callback::sale(&lost, "decline").with("/operation/code", json!("20105"));
    assert_eq!(shop.receives(reason.signed()).await, 200);
    let open = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&open, "awaiting customer").signed()).await, 200);
    let payout = [
        "payout",
        "--customer",
        earner.parameter("customer_id"),
        "--account",
        "09123456789",
        "--name",
        "John Doe",
        "--amount",
        "15000",
    ];
    assert_eq!(shop.command(&payout, "").code, 0);
    eventually("the payout is done", async || shop.command(&["books"], "").stdout.contains("paid out 150.00 PHP").then_some(()))
        .await;
    let last = today(&shop, zone);
    let operator = Operator::signs_in(&shop, "viewer").await;
    History { shop, operator, first, last }
}

/// The values of an wherever it stands.
fn values(page: &Page, name: &str) -> Vec<String> {
    let begins = format!(" {name}=\"");
    let pieces = page.body.split(&begins).skip(1);
    pieces.filter_map(|piece| piece.split_once('"')).map(|(value, _)| value.to_owned()).collect()
}

/// The amounts of all rows of a list, through all its pages.
async fn rows(operator: &Operator, address: &str) -> Vec<i128> {
    let (mut next, mut all) = (Some(address.to_owned()), Vec::new());
    while let Some(address) = next {
        let page = operator.sees(&address).await;
        all.extend(values(&page, "data-row").iter().map(|minor| minor.parse::<i128>().expect("minor units")));
        next = page.links("rel").into_iter().find(|(_, rel)| rel == "next").map(|(address, _)| address);
    }
    all
}

/// `12.50 EUR` of minor units.
fn written(minor: i128, currency: &str) -> String {
    let digits = if currency == "KRW" { 0 } else { 2 };
    let text = format!("{minor:0>width$}", width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    if digits == 0 { format!("{whole} {currency}") } else { format!("{whole}.{fraction} {currency}") }
}

async fn adds_up(zone: &str) {
    let History { shop, operator, first, last } = mixed_history(zone).await;
    assert!(first < last, "{first} {last}");
    let page = operator.sees(&format!("/admin/reports?from={first}&to={last}")).await;
    let money = page.links("data-minor");
    assert!(money.len() > 40, "every day, method and currency: {}", money.len());
    // Every figure of money is the sum of its rows, each in the one currency of the address.
    let mut moving = 0;
    for (address, minor) in &money {
        let minor: i128 = minor.parse().expect("minor units");
        assert_eq!(rows(&operator, address).await.iter().sum::<i128>(), minor, "{address}");
        let listed = operator.sees(address).await;
        let totals: Vec<i128> = values(&listed, "data-total").iter().map(|total| total.parse().expect("minor units")).collect();
        assert_eq!(totals.iter().sum::<i128>(), minor, "{address}");
        let currency = address.split("currency=").nth(1).expect("a currency").split('&').next().expect("its code");
        assert!(values(&listed, "data-currency").iter().all(|of| of == currency), "{address}");
        moving += usize::from(minor != 0);
    }
    assert!(moving > 12, "{moving} figures are of something");
    for (address, count) in page.links("data-count") {
        assert_eq!(rows(&operator, &address).await.len().to_string(), count, "{address}");
    }
    for text in ["Payments that began", "20000", "20105", "The account does not hold enough money."] {
        assert!(page.body.contains(text), "{text}");
    }
    // The headline is what the books say.
    let whole = |kind: &str, code: &str| {
        let address = format!("/admin/reports/movements?kind={kind}&from={first}&to={last}&currency={code}");
        let found: Vec<_> =
            money.iter().filter(|(link, _)| *link == address).map(|(_, minor)| minor.parse().expect("minor")).collect();
        assert_eq!(found.len(), 1, "{address}");
        found[0]
    };
    let books = shop.books();
    assert_eq!(books.keys().collect::<Vec<_>>(), ["EUR", "KRW", "PHP"]);
    for (code, [taken, refunded, paid_out]) in &books {
        let [sale, refund, payout, net]: [i128; 4] = ["sale", "refund", "payout", "net"].map(|kind| whole(kind, code));
        assert_eq!([&written(sale, code), &written(refund, code), &written(payout, code)], [taken, refunded, paid_out], "{code}");
        assert_eq!(net, sale - refund);
        // Days, and methods, come to the whole.
        for (kind, sum) in [("sale", sale), ("refund", refund), ("payout", payout), ("net", net)] {
            let of = |is_part: &dyn Fn(&str) -> bool| -> i128 {
                let of_kind = |link: &str| link.contains(&format!("kind={kind}&")) && link.contains(&format!("currency={code}"));
                let parts = money.iter().filter(|(link, _)| of_kind(link) && is_part(link));
                parts.map(|(_, minor)| minor.parse::<i128>().expect("minor")).sum()
            };
            let is_day = |link: &str| {
                let day = link.split("from=").nth(1).map(|rest| &rest[..10]);
                !link.contains("method=") && day == link.split("to=").nth(1).map(|rest| &rest[..10])
            };
            assert_eq!(of(&is_day), sum, "{kind} {code} by day");
            assert_eq!(of(&|link| link.contains("method=")), sum, "{kind} {code} by method");
        }
    }
    // Half of the money came on one of the days, some on the other: they are told apart.
    let of_day = |day: &str| told(&money, &format!("kind=refund&from={day}&to={day}&currency=KRW"));
    assert_eq!(of_day(&first), 100);
    assert!(of_day(&last) > 100, "the rest went back later");
    // Orders by outcome come to those that were placed.
    let orders = page.links("data-orders");
    let placed = told(&orders, &format!("/admin/orders?from={first}&to={last}&currency=EUR"));
    let outcomes = orders.iter().filter(|(link, _)| {
        link.contains("state=") && !link.contains("ever-paid") && !link.contains("given-back") && link.contains("currency=EUR")
    });
    assert_eq!(outcomes.map(|(_, count)| count.parse::<i128>().expect("a count")).sum::<i128>(), placed);
    assert_eq!(placed, 6);
    // Those that were paid are found together, and those of which nobody told what they are paid with.
    let paid: Vec<_> = orders.iter().filter(|(link, _)| link.contains("state=ever-paid&")).collect();
    let of_all: Vec<_> = paid.iter().filter(|(link, _)| link.ends_with(&format!("from={first}&to={last}&currency=EUR"))).collect();
    assert!(
        of_all.len() == 3 && of_all.iter().all(|(_, count)| count == "2"),
        "the headline, the time to pay and the outcomes: {of_all:?}"
    );
    assert!(paid.iter().any(|(link, _)| link.contains("method=bancontact")), "methods");
    assert_eq!(told(&orders, &format!("/admin/orders?from={first}&to={last}&currency=EUR&method=unknown&market=BE")), 1);
    for (address, count) in &orders {
        assert_eq!(&listed_orders(&operator, address).await, count, "{address}");
    }
    // The same as files, and by the command.
    let address = |ending: &str| format!("/admin/reports/export.{ending}?from={first}&to={last}");
    let figures: Value = serde_json::from_str(&operator.sees(&address("json")).await.body).expect("JSON");
    for code in books.keys() {
        let rows = || figures.as_array().expect("rows").iter().filter(|row| row["currency"] == code.as_str());
        let sum = |name: &str| rows().map(|row| i128::from(row[name].as_i64().expect("an integer"))).sum::<i128>();
        for (name, kind) in
            [("sales_minor", "sale"), ("refunds_minor", "refund"), ("payouts_minor", "payout"), ("net_minor", "net")]
        {
            assert_eq!(sum(name), whole(kind, code), "{name} {code}");
        }
        assert_eq!(sum("orders_placed"), told(&orders, &format!("/admin/orders?from={first}&to={last}&currency={code}")));
    }
    let csv = operator.sees(&address("csv")).await;
    assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"report-{first}-{last}.csv\""));
    assert_eq!(shop.command(&["report", "--from", &first, "--to", &last], "").stdout, csv.body);
    assert_eq!(csv.body.lines().count(), figures.as_array().expect("rows").len() + 1);
}

/// How many orders the registry says its filter, which is of one currency, has.
async fn listed_orders(operator: &Operator, address: &str) -> String {
    let page = operator.sees(address).await;
    let sums = page.body.split("<tr data-currency=").nth(1).and_then(|row| row.split("class=\"number\">").nth(1));
    sums.and_then(|cell| cell.split('<').next()).unwrap_or("0").to_owned()
}

/// What the one link with this address, or this part of it, says.
fn told(links: &[(String, String)], address: &str) -> i128 {
    let found: Vec<_> = links.iter().filter(|(link, _)| link == address || link.ends_with(address)).collect();
    assert!(!found.is_empty(), "{address} among {links:?}");
    found[0].1.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_the_sum_of_its_rows_and_of_the_books_in_seoul() {
    adds_up("Asia/Seoul").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_the_sum_of_its_rows_and_of_the_books_in_new_york() {
    adds_up("America/New_York").await;
}

/// As somebody with the file in hand: sales, three of them in each second, so that pages end between them.
fn sales_by_hand(shop: &TestShop, from: i64, count: i64) {
    let (to, now) = (from + count, shop.now().as_second());
    let orders = format!(
        "WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to})
        INSERT INTO orders (number, token, order_key, market, language, customer_id, total_minor, currency, placed_at, held_until, paid_by, state)
        SELECT 'HAND' || i, 'hand' || i, 'hand' || i, 'BE', 'en', 'hand', 100 + i, 'EUR', {now}, {now}, 'HAND' || i || '-1', 'paid' FROM n"
    );
    let attempts =
        "INSERT INTO attempts (payment_id, order_id, position, method, amount_minor, currency, started_at, begins_before, status)
        SELECT paid_by, id, 0, 'bancontact', total_minor, currency, placed_at, placed_at, 'success' FROM orders
        WHERE customer_id = 'hand' AND NOT EXISTS (SELECT 1 FROM attempts WHERE order_id = orders.id)";
    let postings = "INSERT INTO postings (kind, reference, currency, posted_at)
        SELECT 'sale', payment_id, currency, started_at + order_id / 3 FROM attempts
        WHERE payment_id LIKE 'HAND%' AND NOT EXISTS (SELECT 1 FROM postings WHERE reference = payment_id) ORDER BY order_id";
    let entries = |account: &'static str| match account {
        "platform" => {
            "INSERT INTO entries SELECT postings.id, 'platform', amount_minor FROM postings JOIN attempts ON payment_id = reference
            WHERE NOT EXISTS (SELECT 1 FROM entries WHERE posting = postings.id)"
        }
        _ => {
            "INSERT INTO entries SELECT postings.id, 'sales', -amount_minor FROM postings JOIN attempts ON payment_id = reference
            WHERE NOT EXISTS (SELECT 1 FROM entries WHERE posting = postings.id AND account = 'sales')"
        }
    };
    for sql in [&*orders, attempts, postings, entries("platform"), entries("sales")] {
        by_hand(&shop.folder, sql).expect(sql);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_movements_show_each_one_once_also_while_others_arrive() {
    let shop = TestShop::start().await;
    sales_by_hand(&shop, 0, 173);
    let operator = Operator::signs_in(&shop, "viewer").await;
    let day = today(&shop, "UTC");
    let address = format!("/admin/reports/movements?kind=sale&from={day}&to={day}&currency=EUR");
    let expected: Vec<i128> = (0..173).map(|place| 100 + place).rev().collect();
    assert_eq!(rows(&operator, &address).await, expected, "newest first");
    // Others arrive while somebody turns the pages: they stand before the first.
    let page = operator.sees(&address).await;
    sales_by_hand(&shop, 1000, 60);
    let next = page.links("rel").pop().expect("a next page").0;
    let seen: Vec<i128> = values(&page, "data-row").iter().map(|minor| minor.parse().expect("minor")).collect();
    assert_eq!([seen, rows(&operator, &next).await].concat(), expected);
    assert_eq!(rows(&operator, &address).await.len(), 233);
    // The file has the same rows.
    let file = operator.sees(&address.replace("movements?", "movements.json?")).await;
    let file: Value = serde_json::from_str(&file.body).expect("JSON");
    assert_eq!(file.as_array().map(Vec::len), Some(233));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_said_at_its_field_and_stays_there() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    for (query, field, why) in [
        ("from=2026-11-31", "from", "is no day such as"),
        ("from=2026-11-02&to=2026-11-01", "to", "The last day is before the first"),
        ("from=1970-01-01&to=9999-12-31", "to", "At most 366 days at once"),
        ("to=9999-12-31", "to", "beyond the calendar"),
        ("from=9999-12-31&to=9999-12-31", "to", "beyond the calendar"),
        ("currency=%3Cscript%3E", "currency", "is not among these"),
        ("method=card", "method", "is not among these"),
        ("market=ZZ", "market", "is not among these"),
        ("market=%00", "market", "is not among these"),
    ] {
        let page = operator.opens(&format!("/admin/reports?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        let said = page.body.split_once(&format!("id=\"{field}-error\"")).map(|(_, rest)| rest).unwrap_or_default();
        assert!(said.split('<').next().is_some_and(|text| text.contains(why)), "{query}: {said:.80}");
        assert!(!page.body.contains("<script>"), "{query}");
        for list in ["movements", "declines", "unfinished"] {
            assert_eq!(
                operator.opens(&format!("/admin/reports/{list}?kind=payment&stuck=no&{query}")).await.status,
                422,
                "{list}?{query}"
            );
        }
        for file in ["export.csv", "export.xlsx", "movements.json"] {
            assert_eq!(operator.opens(&format!("/admin/reports/{file}?{query}")).await.status, 400, "{file}?{query}");
        }
    }
    for (address, status) in [
        ("/admin/reports/movements?kind=theft", 422),
        ("/admin/reports/movements?after=yesterday", 422),
        ("/admin/reports/declines?after=1", 422),
        ("/admin/reports/unfinished", 422),
        ("/admin/reports/unfinished?kind=refund&stuck=perhaps", 422),
        ("/admin/reports?from=2026-11-01&from=2026-11-02", 422),
        ("/admin/reports/movements?after=9223372036854775807.99999999999999999999", 200),
        ("/admin/reports/declines?code=%27%20OR%201%3D1&after=1.%25", 200),
    ] {
        assert_eq!(operator.opens(address).await.status, status, "{address}");
    }
    assert_eq!(shop.command(&["report", "--from", "2026-11-02", "--to", "2026-11-01"], "").code, 2);
    let said = shop.command(&["report", "--from", "9999-12-31", "--to", "9999-12-31"], "");
    assert!(said.code == 2 && said.stderr.contains("beyond the calendar"), "{said:?}");
    for list in ["/admin/orders", "/admin/callbacks", "/admin/payouts"] {
        for (query, field) in [("from=9999-12-31", "from"), ("to=9999-12-31", "to"), ("from=9999-12-31&to=9999-12-31", "from")] {
            let page = operator.opens(&format!("{list}?{query}")).await;
            assert!(page.status == 422 && page.body.contains("beyond the calendar"), "{list}?{query} {field}: {}", page.status);
        }
    }
}

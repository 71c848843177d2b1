//! The registry of orders: every filter finds what it says, page by page, and its sums are the sums of its rows.

use serde_json::Value;

use crate::kit::{Operator, Page, TestShop, by_hand, unescaped};

/// Orders of all kinds, some of them paid twice, every 40 minutes for nine days, across the night in which New York's clocks
/// go back (1 November 2026); the last ones stand at the first and last moments of days in the three zones, some at the same
/// moment.
const ORDERS: &str = "
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 319),
    edges (j, at) AS (VALUES (0, 1793505600), (1, 1793505599), (2, 1793595600), (3, 1793595599), (4, 1793545200), (5, 1793545199),
                             (6, 1793557800), (7, 1793557799), (8, 1793577600), (9, 1793577600), (10, 1793577600), (11, 1793577599)),
    each AS (SELECT i, 1793232000 + i * 2400 AS at FROM n UNION ALL SELECT 320 + j, at FROM edges)
    INSERT INTO orders (number, token, order_key, market, language, customer_id, email, total_minor, currency, placed_at, held_until,
                        state, status, method, paid_minor, refunded_minor, paid_at)
    SELECT substr('ABCDE', 1 + i % 5, 1) || substr('ABC', 1 + i % 3, 1) || substr(CAST(100000000 + i AS TEXT), 2), 'token' || i, 'key' || i,
           market, 'en', 'CUST' || substr(CAST(10000 + i % 40 AS TEXT), 2),
           CASE WHEN i % 11 > 0 THEN CASE i % 4 WHEN 0 THEN 'Maria' WHEN 1 THEN 'mario' ELSE 'jo' END || i % 60 || '@example.com' END,
           1 + (i * 7919) % 5000, currency, at, at, state, NULL, method,
           CASE WHEN state IN ('paid', 'partially refunded', 'refunded') THEN (1 + (i * 7919) % 5000) * CASE WHEN i % 5 = 0 THEN 2 ELSE 1 END ELSE 0 END,
           CASE state WHEN 'refunded' THEN 1 + (i * 7919) % 5000 WHEN 'partially refunded' THEN 1 ELSE 0 END, NULL
    FROM each
    JOIN (SELECT 0 AS m, 'KR' AS market, 'KRW' AS currency, 'payco-wallet' AS method UNION ALL
          SELECT 1, 'PH', 'PHP', 'paymaya-wallet' UNION ALL SELECT 2, 'BE', 'EUR', 'bancontact' UNION ALL SELECT 3, 'BE', 'EUR', '') AS markets
         ON m = i % 4
    JOIN (SELECT 0 AS s, 'none' AS state UNION ALL SELECT 1, 'processing' UNION ALL SELECT 2, 'declined' UNION ALL
          SELECT 3, 'paid' UNION ALL SELECT 4, 'partially refunded' UNION ALL SELECT 5, 'refunded' UNION ALL SELECT 6, 'paid') AS states
         ON s = i % 7";

const HOW_MANY: usize = 332;

async fn full_shop(zone: &str) -> (TestShop, Operator) {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", zone)]).await;
    assert_eq!(by_hand(&shop.folder, ORDERS), Ok(HOW_MANY as u64));
    let operator = Operator::signs_in(&shop, "viewer").await;
    (shop, operator)
}

/// The rows of the JSON file with this filter.
async fn file(operator: &Operator, query: &str) -> Vec<Value> {
    let page = operator.sees(&format!("/admin/orders/export.json?{query}")).await;
    serde_json::from_str::<Value>(&page.body).expect("JSON").as_array().expect("a list").clone()
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

fn minor(row: &Value, column: &str) -> i64 {
    row[column].as_i64().expect("minor units")
}

/// What a filter should find, told by the rows alone: moments are told in the merchant's zone, so their dates are its days.
fn matches(row: &Value, query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).all(|(name, value)| {
        let digits = if text(row, "currency") == "KRW" { 1 } else { 100 };
        let (amount, day) = (minor(row, "total_minor"), &text(row, "placed_at")[..10]);
        match &*name {
            "state" if value == "given-back" => ["partially refunded", "refunded"].contains(&text(row, "state")),
            "state" if value == "ever-paid" => ["paid", "partially refunded", "refunded"].contains(&text(row, "state")),
            "method" if value == "unknown" => row["method"].is_null(),
            "state" | "method" | "market" | "currency" => text(row, &name) == value,
            "from" => day >= &*value,
            "to" => day <= &*value,
            "min" => amount >= value.parse::<i64>().expect("whole") * digits,
            "max" => amount <= value.parse::<i64>().expect("whole") * digits,
            "q" => ["number", "email", "customer_id"]
                .iter()
                .any(|column| text(row, column).to_lowercase().starts_with(&value.to_lowercase())),
            "sort" => true,
            other => panic!("{other} is no filter of this test"),
        }
    })
}

/// Numbers in the order of the page's rows.
fn numbers(page: &Page) -> Vec<String> {
    let links = page.body.split("href=\"/admin/orders/").skip(1).filter(|rest| !rest.starts_with("export"));
    links.filter_map(|rest| rest.split_once('"').map(|(number, _)| number.to_owned())).collect()
}

fn link(page: &Page, rel: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("rel=\"{rel}\" href=\""))?;
    rest.split_once('"').map(|(address, _)| unescaped(address))
}

/// All pages from this one on; `rel` is the way.
async fn pages(operator: &Operator, first: Page, rel: &str) -> Vec<Page> {
    let mut pages = vec![first];
    while let Some(address) = link(&pages[pages.len() - 1], rel) {
        pages.push(operator.sees(&address).await);
        assert!(pages.len() < 20, "pages without an end");
    }
    pages
}

/// Currency and its cells, as the page shows them.
pub fn sums(page: &Page) -> Vec<(String, Vec<String>)> {
    let rows = page.body.split("data-currency=\"").skip(1).map(|rest| rest.split("</tr>").next().unwrap_or_default());
    let cells = |row: &str| -> Vec<String> {
        let cells = row.split("<td").skip(1).filter_map(|cell| cell.split_once('>')?.1.split("</td>").next());
        cells.map(|cell| cell.chars().filter(|c| c.is_ascii_digit() || *c == '\u{2212}').collect()).collect()
    };
    rows.map(|row| (row.split('"').next().unwrap_or_default().to_owned(), cells(row))).collect()
}

/// The same, added up from rows.
fn added_up(rows: &[Value]) -> Vec<(String, Vec<String>)> {
    let of = |currency: &str| {
        let rows: Vec<_> = rows.iter().filter(|row| text(row, "currency") == currency).collect();
        let sum = |rows: &[&Value], column| rows.iter().map(|row| minor(row, column)).sum::<i64>();
        let [total, paid, refunded] = ["total_minor", "paid_minor", "refunded_minor"].map(|column| sum(&rows, column));
        let cells = [rows.len() as i64, total, paid, refunded, paid - refunded];
        // An amount below one major unit begins with zeros.
        let written =
            |(place, minor): (usize, &i64)| if place > 0 && currency != "KRW" { format!("{minor:03}") } else { minor.to_string() };
        (!rows.is_empty()).then(|| (currency.to_owned(), cells.iter().enumerate().map(written).collect()))
    };
    ["EUR", "KRW", "PHP"].into_iter().filter_map(of).collect()
}

const FILTERS: [&str; 31] = [
    "",
    "sort=oldest",
    "state=paid",
    "state=none",
    "state=ever-paid",
    "state=given-back",
    "state=ever-paid&method=unknown&from=2026-10-31&to=2026-11-02&sort=oldest",
    "currency=EUR&min=3&state=ever-paid&sort=largest",
    "q=mari&method=unknown&state=ever-paid",
    "method=bancontact",
    "market=BE",
    "market=KR&currency=EUR",
    "currency=PHP&sort=largest",
    "market=BE&sort=largest",
    "market=KR&min=1000",
    "currency=EUR&sort=smallest&state=refunded",
    "from=2026-11-01",
    "to=2026-11-01",
    "from=2026-11-01&to=2026-11-01",
    "from=2026-10-31&to=2026-11-02&sort=oldest",
    "from=2026-11-01&to=2026-11-01&state=partially+refunded",
    "from=2026-10-30&to=2026-11-03&market=BE&method=bancontact&state=paid",
    "from=2027-01-01",
    "currency=KRW&min=1000",
    "currency=KRW&min=1000&max=2000&sort=smallest",
    "currency=EUR&max=20&from=2026-11-01&to=2026-11-02&sort=largest",
    "q=mari",
    "q=MARIO1",
    "q=aa0&sort=oldest",
    "q=cust000&currency=EUR&min=10&sort=largest",
    "q=nobody",
];

/// Every filter in one zone: the page's sums are the sums of the rows, the file has the rows that the filter means, and the
/// pages have the file's rows, each once, there and back.
async fn every_filter_adds_up(zone: &str) {
    let (_shop, operator) = full_shop(zone).await;
    let all = file(&operator, "").await;
    assert_eq!(all.len(), HOW_MANY);
    for query in FILTERS {
        let meant: Vec<Value> = all.iter().filter(|row| matches(row, query)).cloned().collect();
        let rows = file(&operator, query).await;
        let known = |rows: &[Value]| {
            let mut numbers: Vec<String> = rows.iter().map(|row| text(row, "number").to_owned()).collect();
            numbers.sort();
            numbers
        };
        assert_eq!(known(&rows), known(&meant), "{zone} {query}");
        let first = operator.sees(&format!("/admin/orders?{query}")).await;
        assert_eq!(sums(&first), added_up(&meant), "{zone} {query}");
        let there = pages(&operator, first, "next").await;
        let in_order: Vec<String> = rows.iter().map(|row| text(row, "number").to_owned()).collect();
        assert_eq!(there.iter().flat_map(numbers).collect::<Vec<_>>(), in_order, "{zone} {query}");
        let last = there.last().map(|page| page.body.clone()).unwrap_or_default();
        let mut back = match there.len() {
            1 => Vec::new(),
            _ => pages(&operator, operator.sees(&link(&there[there.len() - 1], "prev").expect("a way back")).await, "prev").await,
        };
        back.reverse();
        let mut seen: Vec<String> = back.iter().flat_map(numbers).collect();
        seen.extend(there.last().map(numbers).unwrap_or_default());
        assert_eq!(seen, in_order, "back from the end: {zone} {query} {last}");
        assert!(sorted(&rows, query), "{zone} {query}");
    }
}

fn sorted(rows: &[Value], query: &str) -> bool {
    let moments = |row: &Value| text(row, "placed_at").parse::<jiff::Timestamp>().expect("a moment");
    match query.split("sort=").nth(1).and_then(|rest| rest.split('&').next()) {
        Some("largest") => rows.is_sorted_by_key(|row| -minor(row, "total_minor")),
        Some("smallest") => rows.is_sorted_by_key(|row| minor(row, "total_minor")),
        Some("oldest") => rows.is_sorted_by_key(moments),
        _ => rows.iter().rev().is_sorted_by_key(moments),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_seoul_every_filter_finds_what_it_says_and_adds_up() {
    every_filter_adds_up("Asia/Seoul").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_kolkata_every_filter_finds_what_it_says_and_adds_up() {
    every_filter_adds_up("Asia/Kolkata").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_new_york_every_filter_finds_what_it_says_and_adds_up_while_the_clocks_change() {
    every_filter_adds_up("America/New_York").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_arrive_meanwhile_neither_double_nor_hide_one() {
    let (shop, operator) = full_shop("UTC").await;
    let customer = shop.customer();
    for sort in ["newest", "oldest"] {
        let known: Vec<String> = file(&operator, "").await.iter().map(|row| text(row, "number").to_owned()).collect();
        let mut seen = Vec::new();
        let mut page = operator.sees(&format!("/admin/orders?sort={sort}")).await;
        let mut way_back = Vec::new();
        loop {
            seen.extend(numbers(&page));
            customer.orders("BE", "flax-twine", "bancontact").await;
            let Some(next) = link(&page, "next") else { break };
            way_back.push(numbers(&page));
            page = operator.sees(&next).await;
        }
        let mut old: Vec<_> = seen.into_iter().filter(|number| known.contains(number)).collect();
        let count = old.len();
        old.sort();
        old.dedup();
        assert_eq!((count, old.len()), (known.len(), known.len()), "{sort}");
        for before in way_back.into_iter().rev() {
            page = operator.sees(&link(&page, "prev").expect("a way back")).await;
            assert_eq!(numbers(&page), before, "{sort}: the page before is the page that was before");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_keeps_the_rest_of_the_filter() {
    let (_shop, operator) = full_shop("Asia/Seoul").await;
    let query = "market=BE&currency=EUR&from=2026-10-29&to=2026-11-09&min=0.01&q=%40&sort=largest";
    let page = operator.sees(&format!("/admin/orders?{}", query.replace("&q=%40", ""))).await;
    let kept = query.replace("&q=%40", "");
    let next = link(&page, "next").expect("more rows");
    assert!(next.starts_with(&format!("/admin/orders?{kept}&after=")), "{next}");
    let second = operator.sees(&next).await;
    let previous = link(&second, "prev").expect("a way back");
    assert!(previous.starts_with(&format!("/admin/orders?{kept}&before=")), "{previous}");
    for ending in ["csv", "xlsx", "json"] {
        let file = format!("/admin/orders/export.{ending}?{kept}\"");
        assert!(second.body.replace("&amp;", "&").contains(&file), "{file}");
    }
    for chosen in
        ["value=\"BE\" selected", "value=\"EUR\" selected", "value=\"largest\" selected", "value=\"2026-10-29\"", "value=\"0.01\""]
    {
        assert!(second.body.contains(chosen), "the form shows the filter: {chosen}");
    }
}

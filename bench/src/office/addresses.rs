//! The requested addresses: each way through the registry, the filters that are hardest for it, a month's report, large files.

use jiff::Timestamp;

/// Days since 1970.
pub fn today() -> i64 {
    Timestamp::now().as_second() / 86_400
}

/// The number of the first order on a page.
pub fn some_number(page: &str) -> Option<String> {
    let mut links = page.split("href=\"/admin/orders/").skip(1).filter_map(|rest| rest.split('"').next());
    links.find(|number| number.len() == 10 && !number.contains('.')).map(str::to_owned)
}

/// A description and the address of each page. `number` is that of any order.
pub fn pages(number: &str, today: i64) -> Vec<(&'static str, String)> {
    let days = |from: i64, to: i64| format!("from={}&to={}", date(today - from), date(today - to));
    let orders = |query: &str| format!("/admin/orders?{query}");
    let email = number[1..6].to_lowercase();
    vec![
        ("the plainest page", "/admin/account".to_owned()),
        ("all orders", "/admin/orders".to_owned()),
        ("oldest first", orders("sort=oldest")),
        ("a page in the middle", orders(&format!("after={}-500000", (today - 182) * 86_400))),
        ("back from the middle", orders(&format!("before={}-500000", (today - 182) * 86_400))),
        ("one state", orders("state=refunded")),
        ("state and method", orders("state=paid&method=payco-wallet")),
        ("what cannot be: market and other currency", orders("market=KR&currency=EUR")),
        ("one day", orders(&days(100, 100))),
        ("a month", orders(&days(60, 30))),
        ("ten months", orders(&days(330, 30))),
        ("days that nothing was placed on", orders("from=1999-01-01&to=1999-12-31")),
        ("a month, one state, one market", orders(&format!("{}&state=processing&market=BE", days(60, 30)))),
        ("largest first", orders("currency=KRW&sort=largest")),
        ("smallest first, one state", orders("currency=PHP&sort=smallest&state=processing")),
        ("largest first of a month", orders(&format!("currency=EUR&sort=largest&{}", days(60, 30)))),
        ("amounts: nearly all", orders("currency=KRW&min=3000")),
        ("amounts: half", orders("currency=KRW&min=450000")),
        ("amounts: some", orders("currency=EUR&min=100&max=110")),
        ("amounts: one", orders("currency=PHP&min=777.77&max=777.77")),
        ("amounts: none", orders("currency=EUR&min=5000")),
        ("amounts, half a year", orders(&format!("currency=KRW&min=100000&max=500000&{}", days(200, 20)))),
        ("amounts, a state, a day", orders(&format!("currency=EUR&max=50&state=declined&{}", days(9, 9)))),
        ("a rare state among amounts, largest first", orders("currency=KRW&min=500000&state=processing&sort=largest")),
        ("an order's number", orders(&format!("q={number}"))),
        ("how a number begins", orders(&format!("q={}", &number[..3]))),
        ("how an e-mail address begins", orders(&format!("q={email}"))),
        ("a text that finds nothing", orders("q=nobody.was.ever.called.this")),
        ("a text and all the rest", orders(&format!("q={}&state=paid&currency=KRW&min=1000&sort=largest", &number[..2]))),
        ("a month's report", format!("/admin/reports?{}", days(60, 30))),
    ]
}

/// Files of about a hundred thousand orders.
pub fn files(orders: u32, today: i64) -> Vec<(&'static str, String)> {
    let days = i64::from(100_000 * 365 / orders.max(100_000));
    let span = format!("from={}&to={}", date(today - days - 5), date(today - 6));
    vec![
        ("CSV", format!("/admin/orders/export.csv?{span}")),
        ("JSON", format!("/admin/orders/export.json?{span}")),
        ("Excel", format!("/admin/orders/export.xlsx?{span}")),
    ]
}

/// Days since 1970 as `2026-01-31`.
fn date(days: i64) -> String {
    Timestamp::from_second(days * 86_400).map_or_else(|_| String::new(), |day| day.strftime("%Y-%m-%d").to_string())
}

//! What is asked for: each way through the registry, the kinds of filters that are hardest for it, a month's report, large files.

use std::time::{SystemTime, UNIX_EPOCH};

/// Days since 1970.
pub fn today() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds / 86_400).unwrap_or(0)
}

/// The number of the first order on a page.
pub fn some_number(page: &str) -> Option<String> {
    let mut links = page.split("href=\"/admin/orders/").skip(1).filter_map(|rest| rest.split('"').next());
    links.find(|number| number.len() == 10 && !number.contains('.')).map(str::to_owned)
}

/// What it is, and its address. `number` is of some order.
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

/// `2026-01-31` of days since 1970 (the civil calendar by eras of 400 years).
fn date(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_have_their_dates() {
        for (days, written) in [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_783, "2026-11-26")] {
            assert_eq!(date(days), written);
        }
    }
}

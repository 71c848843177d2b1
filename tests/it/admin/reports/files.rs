//! Reports as files: to download, and put into a folder after each period.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::{
    admin::reports::figures::{History, mixed_history},
    kit::{Folder, TestShop, eventually},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_say_what_the_pages_say_and_hold_no_formula() {
    let History { shop: _shop, operator, first, last } = mixed_history("Asia/Seoul").await;
    let address = |of: &str| format!("/admin/reports/{of}?from={first}&to={last}");
    let movements: Value = serde_json::from_str(&operator.sees(&address("movements.json")).await.body).expect("JSON");
    let movements = movements.as_array().expect("rows");
    // Sales have no sign, what leaves has a minus: a currency's column comes to its net without payouts.
    let figures: Value = serde_json::from_str(&operator.sees(&address("export.json")).await.body).expect("JSON");
    for code in ["EUR", "KRW", "PHP"] {
        let sum = |rows: &[Value], name: &str| -> i64 {
            rows.iter().filter(|row| row["currency"] == code).map(|row| row[name].as_i64().expect("an integer")).sum()
        };
        let figures = figures.as_array().expect("rows");
        assert_eq!(sum(movements, "amount_minor"), sum(figures, "net_minor") - sum(figures, "payouts_minor"), "{code}");
    }
    assert!(movements.iter().any(|row| row["reference"] == "=1+1"), "JSON says what it is called");
    assert!(movements.iter().all(|row| row["moment"].as_str().is_some_and(|moment| moment.ends_with("+09:00"))));
    let csv = operator.sees(&address("movements.csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.body.contains(",'=1+1,"), "{}", csv.body);
    let cells = csv.body.lines().flat_map(|line| line.split(','));
    let formulas: Vec<_> = cells
        .filter(|cell| {
            cell.starts_with(['=', '+', '@', '\t']) || cell.strip_prefix('-').is_some_and(|rest| rest.parse::<f64>().is_err())
        })
        .collect();
    assert_eq!(formulas, [""; 0]);
    assert_eq!(csv.body.lines().count(), movements.len() + 1);
    let one = operator.sees(&format!("{}&kind=refund&currency=KRW", address("movements.csv"))).await;
    assert_eq!(one.body.lines().count(), 3, "two refunds: {}", one.body);
    for of in ["export.xlsx", "movements.xlsx"] {
        let sheet = operator.sees(&address(of)).await;
        assert!(sheet.body.starts_with("PK\u{3}\u{4}") && sheet.header("content-type").contains("spreadsheetml"), "{of}");
        assert_eq!(sheet.header("cache-control"), "no-store");
    }
}

/// Names of what is in a folder, in order.
fn files(folder: &Folder) -> Vec<String> {
    let found = fs::read_dir(folder.path(".")).expect("the folder").flatten();
    let mut names: Vec<_> =
        found.map(|file| file.file_name().to_string_lossy().into_owned()).filter(|name| name.starts_with("report")).collect();
    names.sort();
    names
}

fn days_before(shop_now: jiff::Timestamp, days: i64) -> String {
    let today = shop_now.to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("report-day-{}.csv", today.checked_sub(jiff::Span::new().days(days)).expect("a day"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_of_each_finished_day_appears_once() {
    let reports = Folder::new();
    let path = reports.path(".").display().to_string();
    let settings = [("REPORTS_FOLDER", path.as_str())];
    let shop = TestShop::start_with(&settings).await;
    let sees = async |expected: Vec<String>| {
        eventually(&format!("{expected:?}"), async || (files(&reports) == expected).then_some(())).await;
    };
    let begin = shop.now();
    sees(vec![days_before(begin, 1)]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    // Three days pass at once: each gets its own.
    shop.time_passes(3 * DAY);
    let all: Vec<_> = [1, 0, -1, -2].map(|days| days_before(begin, days)).into();
    sees(all.clone()).await;
    let of_today = reports.read(&days_before(begin, 0));
    assert!(of_today.contains(&format!("KRW,payco-wallet,KR,1,1,1,{0},{0}", purchase.amount())), "{of_today}");
    assert_eq!(reports.read(&days_before(begin, -1)).lines().count(), 1, "nothing happened then");
    // Days missed before a start are caught up from the last that has a file.
    for days in [1, 0, -1, -2] {
        fs::remove_file(reports.path(&days_before(begin, days))).expect("removed");
    }
    reports.holds(&days_before(begin, 4), "old");
    let shop = shop.starts_again_at_the_true_time(&settings).await;
    let caught_up: Vec<_> = [4, 3, 2, 1].map(|days| days_before(begin, days)).into();
    sees(caught_up.clone()).await;
    // Whatever stands there stays.
    reports.holds(&days_before(begin, 2), "mine");
    fs::remove_file(reports.path(&days_before(begin, 1))).expect("removed");
    let _shop = shop.starts_again(&settings).await;
    sees(caught_up).await;
    assert_eq!((reports.read(&days_before(begin, 2)), reports.read(&days_before(begin, 4))), ("mine".to_owned(), "old".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_long_silence_at_most_thirty_one_periods_are_caught_up() {
    let reports = Folder::new();
    let path = reports.path(".").display().to_string();
    reports.holds("report-month-2015-01-01-2015-01-31.csv", "old");
    let settings = [("REPORTS_FOLDER", path.as_str()), ("REPORTS_EVERY", "month"), ("SHOP_TIME_ZONE", "Asia/Kolkata")];
    let _shop = TestShop::start_with(&settings).await;
    eventually("the files", async || (files(&reports).len() == 32).then_some(())).await;
}

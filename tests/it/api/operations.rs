//! The JSON register: what a program with a token reads, and which questions are refused.

use std::time::Duration;

use serde_json::{Value, json};

use crate::kit::{
    Operator, Purchase, TestShop,
    api_program::{ApiProgram, always, refusal, with},
    eventually,
};

async fn done(shop: &TestShop, arguments: &[&str]) {
    eventually("it is done", async || shop.command(arguments, "").stdout.contains("done").then_some(())).await;
}

/// Of each kind one: a sale that was paid and partly given back, one declined, one only looked at, and a payout.
pub async fn busy_shop() -> (TestShop, [Purchase; 4]) {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "Asia/Seoul")]).await;
    let refunded = shop.sold("BE", "bancontact").await;
    let id = refunded.payment_id();
    done(&shop, &["refund", id, "--amount", "100", "--currency", "EUR", "--reason", "came \"broken\" 깨졌어요", "--name", "r-1"])
        .await;
    shop.time_passes(Duration::from_secs(5));
    let declined = shop.customer().buys("KR", "payco-wallet", "decline").await;
    let earned = shop.sold("PH", "paymaya-wallet").await;
    shop.time_passes(Duration::from_secs(5));
    let whom = ["payout", "--customer", earned.parameter("customer_id"), "--account", "09123456789", "--name", "John Doe"];
    done(&shop, &[&whom[..], &["--amount", "15000", "--reference", "prize-1"]].concat()).await;
    let looked_at = shop.customer().orders("KR", "jeju-green-tea", "").await;
    (shop, [refunded, declined, earned, looked_at])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_reads_sales_refunds_and_payouts_as_the_shop_knows_them() {
    let (shop, [refunded, declined, earned, looked_at]) = busy_shop().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "book-keeping").await;
    let answer = program.reads(&always()).await;
    assert_eq!((&answer["total"], &answer["next"]), (&json!(6), &Value::Null), "{answer}");
    let rows = answer["operations"].as_array().expect("rows");
    let told = |row: &Value| {
        let text = |name: &str| row[name].as_str().map_or(row[name].to_string(), str::to_owned);
        ["payment_id", "operation_type", "operation_status", "method", "amount", "currency"].map(text).join(" ")
    };
    let mut found: Vec<_> = rows.iter().map(told).collect();
    found.sort();
    let mut expected = [
        format!("{} sale success bancontact {} EUR", refunded.payment_id(), refunded.amount()),
        format!("{} refund success bancontact 100 EUR", refunded.payment_id()),
        format!("{} sale decline payco {} KRW", declined.payment_id(), declined.amount()),
        format!("{} sale success PayMaya wallet {} PHP", earned.payment_id(), earned.amount()),
        "prize-1 payout success PayMaya wallet 15000 PHP".to_owned(),
        format!("{} sale none null {} KRW", looked_at.payment_id(), looked_at.amount()),
    ];
    expected.sort();
    assert_eq!(found, expected);
    let row = |kind: &str, payment: &str| {
        let same = |row: &&Value| row["operation_type"] == kind && row["payment_id"] == payment;
        rows.iter().find(same).expect("its row").clone()
    };
    let refund = row("refund", refunded.payment_id());
    assert_eq!((&refund["merchant_refund_id"], &refund["description"]), (&json!("r-1"), &json!("came \"broken\" 깨졌어요")));
    assert_eq!(refund["customer_id"], refunded.parameter("customer_id"));
    let sale = row("sale", refunded.payment_id());
    let seoul = jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone");
    let now = shop.now().to_zoned(seoul);
    assert_eq!(
        sale["operation_created_at"].as_str().map(|at| &at[..13]),
        Some(&*now.strftime("%Y-%m-%d %H").to_string()),
        "or the hour just turned"
    );
    assert!(sale["operation_completed_at"].is_string() && sale["operation_id"].is_string(), "{sale}");
    assert!(row("sale", declined.payment_id())["operation_completed_at"].is_string());
    let open = row("sale", looked_at.payment_id());
    for unknown in ["operation_id", "operation_code", "operation_completed_at", "merchant_refund_id"] {
        assert_eq!(open[unknown], Value::Null, "{unknown}");
    }
    // The same moments by another clock; the platform numbers its operations as the shop does.
    let utc = program.reads(&with("timezone", json!("UTC"))).await;
    assert_ne!(utc["operations"][0]["operation_created_at"], rows[0]["operation_created_at"]);
    let page = shop.customer().opens(&format!("{}/control/payments/{}", shop.sandbox.address, refunded.payment_id())).await;
    let ledger: Value = serde_json::from_str(&page.body).expect("JSON");
    for (row, operation) in [&sale, &refund].into_iter().zip(ledger["operations"].as_array().expect("operations")) {
        assert_eq!(row["operation_id"].as_str(), Some(&*operation["id"].to_string()), "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_by_key_or_by_offset_tell_every_row_once() {
    let (shop, _) = busy_shop().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "book-keeping").await;
    let all = program.reads(&always()).await["operations"].clone();
    for limit in 1..=6 {
        let (mut by_key, mut by_offset) = (Vec::new(), Vec::new());
        let mut question = with("limit", json!(limit));
        loop {
            let page = program.reads(&question).await;
            assert_eq!(page["total"], 6);
            let rows = page["operations"].as_array().expect("rows");
            assert!(!rows.is_empty(), "no page is told of that is none");
            by_key.extend(rows.clone());
            question["after"] = page["next"].clone();
            if page["next"].is_null() {
                break;
            }
        }
        for offset in (0..6).step_by(limit) {
            let mut question = with("limit", json!(limit));
            question["offset"] = json!(offset);
            by_offset.extend(program.reads(&question).await["operations"].as_array().expect("rows").clone());
        }
        assert_eq!((json!(by_key), json!(by_offset)), (all.clone(), all.clone()), "{limit} at a time");
        shop.time_passes(Duration::from_secs(60));
    }
    let types = |answer: &Value| {
        let rows = answer["operations"].as_array().expect("rows");
        rows.iter().map(|row| row["operation_type"].as_str().expect("a type").to_owned()).collect::<Vec<_>>()
    };
    let payouts = program.reads(&with("operation_type", json!("payout"))).await;
    assert_eq!((types(&payouts), &payouts["total"]), (vec!["payout".to_owned()], &json!(1)));
    let both = program.reads(&with("operation_type", json!(["refund", "payout"]))).await;
    assert_eq!(types(&both), ["refund", "payout"]);
    assert_eq!(program.reads(&with("project_id", json!([1]))).await, json!({ "operations": [], "total": 0, "next": null }));
    // Both ends of the interval count, to the second.
    let at = payouts["operations"][0]["operation_created_at"].clone();
    let that_second = program.reads(&with("interval", json!({ "from": at, "to": at }))).await;
    assert!(types(&that_second).contains(&"payout".to_owned()), "{that_second}");
    assert_eq!(program.reads(&with("interval", json!({ "from": "2020-01-01", "to": "2020-01-02" }))).await["total"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_question_is_refused_as_json_by_name() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "hostile").await;
    let asked = |rest: &str| format!("{{\"token\": \"{}\", {rest}}}", program.token);
    let interval = "\"interval\": {\"from\": \"2026-01-01\", \"to\": \"2026-01-02\"}";
    for (body, expected) in [
        (String::new(), (400, "not_json")),
        ("token=a&interval=b".to_owned(), (400, "not_json")),
        ("<xml/>".to_owned(), (400, "not_json")),
        ("[]".to_owned(), (400, "not_an_object")),
        ("\"text\"".to_owned(), (400, "not_an_object")),
        (asked(interval)[..40].to_owned(), (400, "not_json")),
        (asked("\"limit\": 5, \"limit\": 6"), (400, "duplicate_member")),
        (asked("\"interval\": {\"from\": \"2026-01-01\", \"from\": \"2026-01-02\"}"), (400, "duplicate_member")),
        (format!("{}{}", "{\"a\":".repeat(200), "}".repeat(200)), (400, "too_deep")),
        (asked("\"limit\": 1e999"), (400, "number_out_of_range")),
        (format!("{{\"token\": \"{}\"}}", "a".repeat(20_000)), (413, "too_large")),
        (asked("\"limit\": -5"), (400, "missing")),
        (asked(&format!("{interval}, \"limit\": -5")), (400, "malformed")),
        (asked(&format!("{interval}, \"limit\": \"1; DROP TABLE orders\"")), (400, "malformed")),
        (asked(&format!("{interval}, \"timezone\": \"Mars/Olympus\"")), (400, "malformed")),
        (asked(&format!("{interval}, \"after\": \"' UNION SELECT * FROM operators --\"")), (400, "malformed")),
        (asked(&format!("{interval}, \"operation_type\": \"sale' OR 1=1 --\"")), (400, "malformed")),
        (asked("\"interval\": {\"from\": \"2026-01-02\", \"to\": \"2026-01-01\"}"), (400, "malformed")),
        (asked(&format!("{interval}, \"fields\": [\"secret\"]")), (400, "unknown_member")),
    ] {
        let page = program.sends(body.clone()).await;
        let (status, code) = refusal(&page);
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
    let not_text = program.sends(vec![0xff, 0xfe, 0x00]).await;
    assert_eq!(refusal(&not_text), (400, "not_json".to_owned()));
    // SQL in a key is a name like any other.
    let odd = format!("{interval}, \"after\": \"1767225600.sale.' OR '1'='1\"");
    assert_eq!(program.sends(asked(&odd)).await.status, 200);
    // Other addresses and methods answer programs as programs, too.
    let door = &program.door;
    for (address, expected) in
        [("/api/operations", (405, "not_allowed")), ("/api", (404, "not_found")), ("/api/anything/else", (404, "not_found"))]
    {
        let page = door.opens(address).await;
        let (status, code) = refusal(&page);
        assert_eq!((status, code.as_str()), expected, "{address}");
    }
    assert_eq!(door.opens("/api/operations").await.header("allow"), "POST");
    // No other site's pages may read it.
    let page = door
        .asks(|client, shop| {
            client
                .request("OPTIONS".parse().expect("a method"), format!("{shop}/api/operations"))
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "POST")
        })
        .await;
    assert!(page.status == 405 && !page.headers.contains_key("access-control-allow-origin"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moments_that_clocks_show_twice_or_never_need_their_offset_and_answers_have_it() {
    let (shop, [sold, ..]) = busy_shop().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "night shift").await;
    let asked = |from: &str, to: &str| json!({ "interval": { "from": from, "to": to }, "timezone": "Europe/Brussels" });
    for (moment, word) in [("2026-10-25 02:30:00", "twice"), ("2026-03-29 02:30:00", "never")] {
        for (from, to, end) in [(moment, "2026-12-31", "interval.from"), ("2026-01-01", moment, "interval.to")] {
            let page = program.asks(&asked(from, to)).await;
            assert_eq!(refusal(&page), (400, "malformed".to_owned()), "{from} {to}: {}", page.body);
            assert!(page.body.contains(end) && page.body.contains(word) && page.body.contains("+02:00"), "{}", page.body);
        }
    }
    // With its offset each is one moment: the hour that came twice is an hour long.
    let (first, second) = ("2026-10-25 02:30:00+02:00", "2026-10-25 02:30:00+01:00");
    assert_eq!(program.asks(&asked(first, second)).await.status, 200);
    assert_eq!(refusal(&program.asks(&asked(second, first)).await), (400, "malformed".to_owned()));
    assert_eq!(program.asks(&asked("2026-10-25 00:30:00Z", second)).await.status, 200);
    for wrong in ["2026-10-25 02:30:00+2", "2026-10-25 02:30:00 CET", "2026-10-25 02:30:00+26:00", "2026-10-25+02:00"] {
        assert_eq!(program.asks(&asked(wrong, second)).await.status, 400, "{wrong}");
    }
    for (zone, offset) in [("UTC", "+00:00"), ("Asia/Seoul", "+09:00"), ("America/St_Johns", "30")] {
        let answer = program.reads(&with("timezone", json!(zone))).await;
        let row = answer["operations"].as_array().and_then(|rows| rows.iter().find(|row| row["payment_id"] == sold.payment_id()));
        let row = row.expect("the sale").clone();
        for told in ["operation_created_at", "operation_completed_at"] {
            assert!(row[told].as_str().is_some_and(|moment| moment.ends_with(offset)), "{zone} {told}: {row}");
        }
        let at = &row["operation_created_at"];
        let same = program.reads(&json!({ "interval": { "from": at, "to": at } })).await;
        assert!(same["total"].as_u64().is_some_and(|total| total > 0), "what is told may be asked for: {at}");
    }
}

//! The JSON door: what a program with a token reads, what everybody else is told, and that the description is true.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use crate::{
    customer::{Customer, Page, Purchase},
    operator::Operator,
    test_shop::{TestShop, eventually},
};

/// A program with a token.
pub struct Program {
    door: Customer,
    token: String,
}

impl Program {
    pub async fn of(shop: &TestShop, owner: &Operator, name: &str) -> Self {
        let page = owner.confirms("/admin/tokens", &[("name", name)]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let (_, rest) = page.body.split_once("<code class=\"api-token\">").expect("a token");
        Self { door: shop.customer(), token: rest.split_once('<').expect("its end").0.to_owned() }
    }

    async fn asks(&self, question: &Value) -> Page {
        let mut question = question.clone();
        question["token"] = json!(self.token);
        self.sends(question.to_string()).await
    }

    async fn sends(&self, body: impl Into<Vec<u8>>) -> Page {
        self.door.sends("/api/operations", "application/json", body.into()).await
    }

    pub async fn reads(&self, question: &Value) -> Value {
        let page = self.asks(question).await;
        assert_eq!((page.status, page.header("content-type")), (200, "application/json"), "{question}: {}", page.body);
        serde_json::from_str(&page.body).expect("JSON")
    }
}

/// Everything there ever was.
pub fn always() -> Value {
    json!({ "interval": { "from": "2020-01-01", "to": "2100-01-01" } })
}

fn with(name: &str, value: Value) -> Value {
    let mut question = always();
    question[name] = value;
    question
}

/// The error of an answer that must be one, as its HTTP status and code.
fn refusal(page: &Page) -> (u16, String) {
    assert_eq!(page.header("content-type"), "application/json", "never a page: {}", page.body);
    let answer: Value = serde_json::from_str(&page.body).expect("JSON");
    let members: BTreeSet<_> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!((members, &answer["status"]), (BTreeSet::from(["code", "message", "status"]), &json!("error")));
    assert!(answer["message"].as_str().is_some_and(|message| message.len() > 10), "{answer}");
    (page.status, answer["code"].as_str().expect("a name").to_owned())
}

async fn bought(shop: &TestShop, market: &str, method: &str, decision: &str) -> Purchase {
    let customer = shop.customer();
    let purchase = customer.orders(market, "jeju-green-tea", method).await;
    customer.answers_with(&purchase, decision).await;
    customer.sees(&purchase.order_path(), if decision == "approve" { "success" } else { "decline" }).await;
    purchase
}

async fn done(shop: &TestShop, arguments: &[&str]) {
    eventually("it is done", async || shop.command(arguments, "").stdout.contains("done").then_some(())).await;
}

/// Of each kind one: a sale that was paid and partly given back, one declined, one only looked at, and a payout.
async fn busy_shop() -> (TestShop, [Purchase; 4]) {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "Asia/Seoul")]).await;
    let refunded = bought(&shop, "BE", "bancontact", "approve").await;
    let id = refunded.payment_id();
    done(&shop, &["refund", id, "--amount", "100", "--currency", "EUR", "--reason", "came \"broken\" 깨졌어요", "--name", "r-1"])
        .await;
    shop.time_passes(Duration::from_secs(5));
    let declined = bought(&shop, "KR", "payco-wallet", "decline").await;
    let earned = bought(&shop, "PH", "paymaya-wallet", "approve").await;
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
    let program = Program::of(&shop, &owner, "book-keeping").await;
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
    let program = Program::of(&shop, &owner, "book-keeping").await;
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
async fn whoever_has_no_token_learns_nothing() {
    let shop = TestShop::start().await;
    let purchase = bought(&shop, "KR", "payco-wallet", "approve").await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = Program::of(&shop, &owner, "book-keeping").await;
    let nobody = (401, "unknown_token".to_owned());
    for token in [
        Value::Null,
        json!(""),
        json!(5),
        json!(["a"]),
        json!("' OR '1'='1"),
        json!(program.token.to_lowercase()),
        json!(&program.token[1..]),
    ] {
        let page = program.sends(with("token", token.clone()).to_string()).await;
        assert_eq!((refusal(&page), page.header("www-authenticate")), (nobody.clone(), "Bearer"), "{token}");
        assert!(!page.body.contains(purchase.payment_id()));
    }
    let bearing = async |value: String, body: Value| {
        program
            .door
            .asks(|client, shop| {
                client.post(format!("{shop}/api/operations")).header("authorization", value).body(body.to_string())
            })
            .await
    };
    assert_eq!(bearing(format!("Bearer {}", program.token), always()).await.status, 200);
    assert_eq!(bearing(format!("bearer {}", program.token), with("token", json!(program.token))).await.status, 200, "said twice");
    assert_eq!(refusal(&bearing("Bearer other".to_owned(), with("token", json!(program.token))).await), nobody, "two that differ");
    assert_eq!(refusal(&bearing(format!("Basic {}", program.token), always()).await), nobody);
    // A signed-in operator's browser opens nothing here, and the token is kept nowhere as it is.
    assert_eq!(refusal(&owner.posts("/api/operations", &[]).await), (400, "not_json".to_owned()));
    for file in ["shop.db", "shop.db-wal"] {
        let kept = std::fs::read(shop.folder.path(file)).expect("the database");
        assert!(!String::from_utf8_lossy(&kept).contains(&program.token), "{file}: only its digest is kept");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_question_is_refused_as_json_by_name() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = Program::of(&shop, &owner, "hostile").await;
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
async fn a_token_that_asks_too_often_waits_and_others_do_not() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let (busy, calm) = (Program::of(&shop, &owner, "busy").await, Program::of(&shop, &owner, "calm").await);
    for _ in 0..60 {
        busy.reads(&always()).await;
    }
    let page = busy.asks(&always()).await;
    assert_eq!((refusal(&page), page.header("retry-after")), ((429, "too_often".to_owned()), "1"));
    calm.reads(&always()).await;
    shop.time_passes(Duration::from_secs(1));
    busy.reads(&always()).await;
    assert_eq!(busy.asks(&always()).await.status, 429);
    shop.time_passes(Duration::from_secs(3600));
    for _ in 0..60 {
        busy.reads(&always()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_make_and_revoke_tokens_and_nobody_else_does() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    for role in ["viewer", "support", "finance"] {
        let other = Operator::signs_in(&shop, role).await;
        assert_eq!(other.opens("/admin/tokens").await.status, 403, "{role}");
        assert_eq!(other.confirms("/admin/tokens", &[("name", "sly")]).await.status, 403, "{role}");
        assert_eq!(other.posts("/admin/tokens/1/revocation", &[]).await.status, 403, "{role}");
    }
    for (fields, why) in [
        (&[("name", ""), ("password", crate::operator::PASSWORD)][..], "A name has 1 to 60 characters"),
        (&[("name", &*"a".repeat(61)), ("password", crate::operator::PASSWORD)], "A name has 1 to 60 characters"),
        (&[("name", "books")], "This is needed"),
        (&[("name", "<b>books"), ("password", "guessed")], "This password is not right"),
    ] {
        let page = owner.posts("/admin/tokens", fields).await;
        assert!(page.status == 422 && page.body.contains(why), "{fields:?}: {}", page.body);
        assert!(!page.body.contains("<b>books"), "what was typed comes back escaped");
    }
    assert!(owner.sees("/admin/tokens").await.body.contains("No token was made yet."));
    let program = Program::of(&shop, &owner, "<i>books").await;
    assert!(program.token.len() >= 30);
    let listed = owner.sees("/admin/tokens").await;
    assert!(!listed.body.contains(&program.token) && !listed.body.contains("<i>books") && listed.body.contains("&lt;i&gt;books"));
    assert!(listed.body.contains("never"), "not used yet");
    program.reads(&always()).await;
    assert!(!owner.sees("/admin/tokens").await.body.contains("never"), "its last use is told");
    for absent in ["0", "999", "-1", "x", "1;--"] {
        let page = owner.posts(&format!("/admin/tokens/{absent}/revocation"), &[]).await;
        assert!([303, 404].contains(&page.status), "{absent}");
    }
    program.reads(&always()).await;
    assert_eq!(owner.posts("/admin/tokens/1/revocation", &[]).await.status, 303);
    assert_eq!(refusal(&program.asks(&always()).await), (401, "unknown_token".to_owned()));
    assert!(owner.sees("/admin/tokens").await.body.contains("revoked"));
}

/// The members a schema describes, following its name.
fn described<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => &description["components"]["schemas"][name.rsplit('/').next().expect("a name")],
        None => schema,
    }
}

fn names(members: &Value) -> BTreeSet<String> {
    members.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
}

/// Whether a value is what its schema says: every member is described, every required one is there, types fit.
fn fits(description: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = described(description, schema);
    let types: Vec<_> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => panic!("{place}: {schema} has no type"),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&is), "{place}: {value} beside {schema}");
    match value {
        Value::Object(members) => {
            assert_eq!(names(value), names(&schema["properties"]), "{place}: described and no more");
            let required: BTreeSet<_> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
            assert_eq!(required, names(value), "{place}: all are always there");
            members.iter().for_each(|(name, value)| fits(description, &schema["properties"][name], value, name));
        }
        Value::Array(items) => items.iter().for_each(|item| fits(description, &schema["items"], item, place)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_tells_every_member_of_every_answer_and_no_more() {
    let (shop, _) = busy_shop().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = Program::of(&shop, &owner, "reader").await;
    let page = shop.customer().opens("/api/openapi.json").await;
    assert_eq!((page.status, page.header("content-type")), (200, "application/json"));
    let description: Value = serde_json::from_str(&page.body).expect("JSON");
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{description}");
    assert_eq!(names(&description["paths"]), BTreeSet::from(["/api/operations".to_owned()]));
    let door = &description["paths"]["/api/operations"]["post"];
    let schema = |status: u16| &door["responses"][status.to_string()]["content"]["application/json"]["schema"];

    let answer = program.reads(&with("limit", json!(5))).await;
    assert!(answer["next"].is_string());
    fits(&description, schema(200), &answer, "answer");
    for (page, status) in
        [(program.asks(&json!({})).await, 400), (program.sends("{}").await, 401), (program.sends("a".repeat(20_000)).await, 413)]
    {
        assert_eq!(page.status, status);
        fits(&description, schema(status), &serde_json::from_str(&page.body).expect("JSON"), "failure");
    }

    // The question: the documented example works, and exactly the described members may be asked with.
    let asked = described(&description, &door["requestBody"]["content"]["application/json"]["schema"]);
    program.reads(&asked["example"]).await;
    let example = |name: &str| match name {
        "project_id" => json!([shop.settings.get("PROJECT_ID").map_or(0, |_| 0)]),
        "timezone" => json!("Asia/Seoul"),
        "limit" => json!(1),
        "offset" => json!(0),
        "after" => answer["next"].clone(),
        "operation_type" => json!("sale"),
        "signature" => json!("whatever"),
        "interval" => always()["interval"].clone(),
        "token" => json!(program.token),
        other => panic!("{other} is described and not known here"),
    };
    for name in names(&asked["properties"]) {
        program.reads(&with(&name, example(&name))).await;
    }
    assert_eq!(refusal(&program.asks(&with("amount", json!(1))).await), (400, "unknown_member".to_owned()));
    assert_eq!(asked["required"], json!(["interval"]));
}

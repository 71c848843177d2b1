//! Text that people type, paste and export: what looks the same is the same, and invisible characters do not count.

use std::time::Duration;

use crate::kit::{
    Customer, Operator, Page, Purchase, TestShop,
    batch_files::{payouts, refunds},
    by_hand, eventually,
};

/// Nothing of these is ever seen.
const UNSEEN: [&str; 7] = [
    "\u{200B}\u{200B}\u{200B}",
    "\u{3164}\u{3164}\u{3164}",
    "\u{AD}\u{AD}\u{AD}",
    "\u{2800}\u{2800}\u{2800}",
    "\u{FEFF}\u{2060}\u{180E}",
    "\u{202E}\u{2066}\u{2069}",
    "\u{A0}\u{2003}\u{3000}",
];

async fn belgian_cart(shop: &TestShop) -> Customer {
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 1).await;
    customer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_last_name_of_which_nothing_is_seen_is_missing_and_one_is_sent_as_it_is_seen() {
    let shop = TestShop::start().await;
    let customer = belgian_cart(&shop).await;
    for unseen in UNSEEN {
        let page = customer.presses_pay("bancontact", "a@b.be", unseen).await;
        assert!(
            page.status == 422 && page.body.contains("Please fill this in."),
            "{unseen:?}: {} {:?}",
            page.status,
            page.location()
        );
    }
    for (typed, sent) in [
        ("Pee\u{200B}ters\u{AD}", "Peeters"),
        ("\u{202E}Peeters\u{202C}", "Peeters"),
        (" Van\u{A0} den\u{3000}\u{2800}Berg ", "Van den Berg"),
        ("Lefe\u{300}vre", "Lefèvre"),
    ] {
        let purchase = belgian_cart(&shop).await.checks_out("bancontact", "a@b.be", typed).await;
        assert_eq!(purchase.parameter("customer_last_name"), sent, "{typed:?}");
    }
    // In Greek it looks like a semicolon, and is one as soon as anybody normalises it.
    for forged in ["A;payment_amount:1", "A\u{37E}payment_amount:1"] {
        let page = customer.presses_pay("bancontact", "a@b.be", forged).await;
        assert!(
            page.status == 422 && page.body.contains("A semicolon (;) cannot be sent"),
            "{forged:?}: {} {:?}",
            page.status,
            page.location()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_last_name_is_counted_as_it_is_seen_and_a_short_one_pays() {
    let shop = TestShop::start().await;
    for (typed, sent) in [("김", "김"), ("\u{1100}\u{1175}\u{11B7}", "김"), ("Li", "Li"), ("Ng", "Ng"), ("Ō", "Ō")] {
        let customer = belgian_cart(&shop).await;
        let purchase = customer.checks_out("bancontact", "a@b.be", typed).await;
        assert_eq!(purchase.parameter("customer_last_name"), sent);
        customer.answers_with(&purchase, "approve").await;
        customer.sees(&purchase.order_path(), "success").await;
    }
    let customer = belgian_cart(&shop).await;
    let page = customer.presses_pay("bancontact", "a@b.be", &"e\u{301}".repeat(101)).await;
    assert!(page.status == 422 && page.body.contains("This is too long."), "{}", page.status);
    let purchase = customer.checks_out("bancontact", "a@b.be", &"e\u{301}".repeat(100)).await;
    assert_eq!(purchase.parameter("customer_last_name"), "é".repeat(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_gate_a_short_last_name_is_asked_for_once_more_and_then_taken() {
    let shop = TestShop::start_with(&[("PAYMENT_PATH", "gate")]).await;
    let customer = belgian_cart(&shop).await;
    let answer = customer.presses_pay("bancontact", "a@b.be", "Li").await;
    let waiting = answer.location().unwrap_or_else(|| panic!("led on: {}", answer.body)).to_owned();
    eventually("the question", async || customer.opens(&waiting).await.body.contains("name=\"last_name\"").then_some(())).await;
    for unseen in UNSEEN {
        let page = customer.posts(&waiting, &[("last_name", unseen)]).await;
        assert!(page.status == 422 && page.body.contains("Please fill this in."), "{unseen:?}: {}", page.status);
    }
    assert_eq!(customer.posts(&waiting, &[("last_name", "Li")]).await.status, 303);
    eventually("the bank's page", async || {
        customer.opens(&waiting).await.header("refresh").starts_with("0; url=http").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_and_a_phone_number_are_read_without_what_cannot_be_seen() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("PH").await;
    customer.puts_in_cart("tablea-cacao", 1).await;
    // As address books copy them.
    let (email, phone) = ("\u{200B}ma\u{AD}ria@example.com\u{FEFF}", "\u{202A}+63\u{A0}917 123 4567\u{202C}");
    let form = [("payment_method", "paymaya-wallet"), ("email", email), ("phone", phone)];
    let purchase = customer.posts("/checkout", &form).await.purchase();
    assert_eq!((purchase.parameter("customer_email"), purchase.parameter("customer_phone")), ("maria@example.com", "639171234567"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_payment_page_asks_for_a_last_name_that_is_seen_however_short() {
    let shop = TestShop::start().await;
    let customer = belgian_cart(&shop).await;
    let purchase = customer.checks_out("", "a@b.be", "").await;
    let page = customer.opens(&purchase.address).await;
    let confirm = url::Url::parse(&purchase.address).and_then(|url| url.join("/payment/confirm")).expect("an address").to_string();
    let confirms = async |last_name: &str| {
        let form = page.inputs();
        let left = form.iter().filter(|(name, _)| !["_method", "_last_name"].contains(&name.as_str()));
        let form = left.map(|(name, value)| (name.as_str(), value.as_str()));
        let form: Vec<_> = form.chain([("_method", "bancontact"), ("_last_name", last_name)]).collect();
        customer.posts(&confirm, &form).await
    };
    for unseen in UNSEEN {
        let page = confirms(unseen).await;
        assert!(page.location().is_none() && page.body.contains("Enter a last name"), "{unseen:?}: {:?}", page.location());
    }
    assert!(confirms("Li").await.location().is_some());
}

async fn states_of(operator: &Operator, run: &str) -> Vec<(String, String)> {
    let result = operator.result_of(run).await;
    result.into_iter().map(|row| (row["result.status"].clone(), row["result.message"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_differ_in_spelling_alone_are_one_row() {
    let shop = TestShop::start().await;
    let filipino = shop.sold("PH", "paymaya-wallet").await;
    let korean = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let names = ["José O'Hara", "Jose\u{301} O'Hara", "JOSÉ  O\u{2019}HARA", "José\u{A0}O'Hara\u{200B}", "Somebody Else"];
    let rows: Vec<_> = names.map(|name| (15_000, name)).to_vec();
    let run = finance.brings("payouts.csv", payouts(&filipino, &rows)).await;
    let states = states_of(&finance, &run).await;
    assert_eq!(states[0].0, "ready", "{states:?}");
    for (state, why) in &states[1..] {
        assert!(state == "refused" && why.contains("the same as row 2"), "{states:?}");
    }
    let file = refunds(&[(&korean, 100, "came broken"), (&korean, 100, "arrived broken"), (&korean, 101, "came broken")]);
    let run = finance.brings("refunds.csv", file).await;
    let states = states_of(&finance, &run).await;
    assert_eq!(states.iter().map(|(state, _)| state.as_str()).collect::<Vec<_>>(), ["ready", "refused", "ready"], "{states:?}");
}

fn said_to_be_known(page: &Page) -> bool {
    page.status == 422 && page.body.contains("This file was uploaded before, as batch 1")
}

/// Three payouts to one customer, each with a name and whatever `more` adds after it.
fn three_payouts(purchase: &Purchase, more_columns: &str, names: [&str; 3], more: &str) -> String {
    let head = format!("customer.id,payment.amount,payment.currency,account.number,account.customer_name{more_columns}\n");
    let customer = purchase.parameter("customer_id");
    let line = |(place, name): (usize, &str)| format!("{customer},{},PHP,09123456789,{name}{more}\n", 15_000 + place);
    head + &names.into_iter().enumerate().map(line).collect::<String>()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_payouts_that_is_written_otherwise_is_the_same_file() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let names = ["José Doe", "Ana Cruz", "O'Hara"];
    let file = three_payouts(&purchase, "", names, "");
    let run = finance.brings("june.csv", &file).await;
    finance.confirms(&format!("{run}/start"), &[]).await;
    finance.sees_run(&run, "finished").await;
    for (how, same) in [
        ("NFD", three_payouts(&purchase, "", ["Jose\u{301} Doe", "Ana Cruz", "O'Hara"], "")),
        ("capitals", three_payouts(&purchase, "", ["JOSÉ DOE", "ana cruz", "O'HARA"], "")),
        ("white space", three_payouts(&purchase, "", ["José  Doe", " Ana\u{A0}Cruz", "O'Hara\u{200B}"], "")),
        ("other names", three_payouts(&purchase, "", ["Jose D.", "Cruz", "Ohara"], "")),
        ("one column more", three_payouts(&purchase, ",customer.ip_address", names, ",192.0.2.7")),
        ("an empty column more", three_payouts(&purchase, ",general.payment_id", names, ",")),
        ("something unseen in ids", file.replace("09123456789", "\u{200B}09123456789\u{A0}").replace(",150", " ,150")),
    ] {
        let page = finance.uploads("july.csv", &same).await;
        assert!(said_to_be_known(&page), "{how}: {} {:?}", page.status, page.location());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_refunds_that_is_written_otherwise_is_the_same_file() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let file = refunds(&[(&purchase, 100, "came broken"), (&purchase, 101, "late")]);
    finance.brings("one.csv", &file).await;
    let id = purchase.payment_id();
    for (how, same) in [
        ("small letters", file.replace(id, &id.to_lowercase())),
        ("other reasons", refunds(&[(&purchase, 100, "broken"), (&purchase, 101, "too late")])),
        ("something unseen after the id", file.replace(id, &format!("{id}\u{200B} "))),
        (
            "one column more",
            file.replace("description\n", "description,customer.ip_address\n")
                .replace("en\n", "en,::1\n")
                .replace("te\n", "te,::1\n"),
        ),
    ] {
        let page = finance.uploads("two.csv", &same).await;
        assert!(said_to_be_known(&page), "{how}: {} {:?}", page.status, page.location());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_with_names_of_their_own_are_meant_again_and_the_run_says_that_they_repeat() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let names = ["José Doe", "Ana Cruz", "O'Hara"];
    let run = finance.brings("june.csv", three_payouts(&purchase, "", names, "")).await;
    finance.confirms(&format!("{run}/start"), &[]).await;
    finance.sees_run(&run, "finished").await;
    let customer = purchase.parameter("customer_id");
    let head = "customer.id,payment.amount,payment.currency,account.number,account.customer_name,general.payment_id\n".to_owned();
    let line = |place: usize| format!("{customer},{},PHP,09123456789,Ana,july-{place}\n", 15_000 + place);
    let again = finance.brings("july.csv", head + &(0..3).map(line).collect::<String>()).await;
    assert_eq!(finance.sees(&again).await.attribute("data-repeats").as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_is_read_without_what_surrounds_it_unseen_and_what_stands_inside_is_named() {
    let shop = TestShop::start().await;
    let korean = shop.sold("KR", "payco-wallet").await;
    let filipino = shop.sold("PH", "paymaya-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let id = korean.payment_id();
    let (begins, goes_on) = id.split_at(5);
    let named = "general.payment_id holds an invisible character (U+200B) after the 5th character";
    let rows = [
        (format!("{id} ,1,KRW,x,\n"), "ready"),
        (format!("{id}\u{A0},2,KRW,x,\n"), "ready"),
        (format!("\u{200B}{id}\u{200B},3,KRW,x,ref-1\u{FEFF}\n"), "ready"),
        (format!("{begins}\u{200B}{goes_on},4,KRW,x,\n"), named),
        (
            format!("{id},5,KRW,x,re\u{AD}f\n"),
            "payment.merchant_refund_id holds an invisible character (U+00AD) after the 2nd character",
        ),
        ("\u{200B}\u{A0},6,KRW,x,\n".to_string(), "general.payment_id is empty"),
        (format!("{id},7,KRW,\u{200B}\u{2800},\n"), "payment.description is empty"),
    ];
    let head = "general.payment_id,payment.amount,payment.currency,payment.description,payment.merchant_refund_id\n".to_owned();
    let run = finance.brings("refunds.csv", head + &rows.iter().map(|(row, _)| row.as_str()).collect::<String>()).await;
    for ((row, said), (state, why)) in rows.iter().zip(states_of(&finance, &run).await) {
        assert!(if *said == "ready" { state == "ready" } else { why.contains(said) }, "{row:?}: {state} {why}");
    }

    let customer = filipino.parameter("customer_id");
    let (begins, goes_on) = customer.split_at(12);
    let head = "customer.id,payment.amount,payment.currency,account.number,account.customer_name\n";
    let rows = format!(
        "{head}\u{2003}{customer}\u{200B},15000,PHP,09123456789\u{A0},John Doe\n{begins}\u{2060}{goes_on},15001,PHP,09123456789,John Doe\n"
    );
    let run = finance.brings("payouts.csv", rows).await;
    let states = states_of(&finance, &run).await;
    assert_eq!(states[0].0, "ready", "{states:?}");
    let named = "customer.id holds an invisible character (U+2060) after the 12th character";
    assert!(states[1].1.contains(named), "{states:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_and_commands_read_ids_as_files_do() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let (id, number) = (purchase.payment_id(), purchase.order_number());
    let query = |text: &str| url::form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    let (begins, goes_on) = id.split_at(5);
    for typed in [format!("{id} "), format!("{id}\u{A0}"), format!("\u{200B}{id}\u{200B}\u{FEFF}")] {
        let orders = viewer.sees(&format!("/admin/orders?{}", query(&typed))).await;
        assert!(orders.body.contains(&format!("href=\"/admin/orders/{number}\"")), "{typed:?}: {}", orders.body);
        let callbacks = viewer.sees(&format!("/admin/callbacks?{}", query(&typed))).await;
        assert!(!callbacks.body.contains("Nothing is here."), "{typed:?}");
    }
    for place in ["orders", "callbacks", "payouts"] {
        let page = viewer.opens(&format!("/admin/{place}?{}", query(&format!("{begins}\u{200B}{goes_on}")))).await;
        let named = "an invisible character (U+200B) after the 5th character";
        assert!(page.status == 422 && page.body.contains(named), "{place}: {} {}", page.status, page.body);
    }
    let said = shop.command(&["refund", &format!("{begins}\u{200B}{goes_on}"), "--reason", "late"], "");
    assert!(said.code == 2 && said.stderr.contains("an invisible character (U+200B) after the 5th character"), "{said:?}");
    for unseen in UNSEEN {
        let said = shop.command(&["refund", id, "--reason", unseen], "");
        assert!(said.code == 2 && said.stderr.contains("this one is empty"), "{unseen:?}: {said:?}");
    }
    let said = shop.command(&["refund", &format!("\u{FEFF}{id}\u{A0}"), "--reason", "la\u{200B}te"], "");
    assert_eq!(said.code, 0, "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_export_guards_is_read_again_as_it_was() {
    let shop = TestShop::start().await;
    shop.sold("PH", "paymaya-wallet").await;
    // As ids were made once.
    by_hand(&shop.folder, "UPDATE orders SET customer_id = '-q25cZ0000000000000000'").expect("a change");
    let finance = Operator::signs_in(&shop, "finance").await;
    let export = finance.sees("/admin/orders/export.csv").await.body;
    let mut reader = csv::Reader::from_reader(export.as_bytes());
    let row: std::collections::BTreeMap<String, String> = reader.deserialize().next().expect("a row").expect("cells");
    assert_eq!(row["customer_id"], "'-q25cZ0000000000000000", "a formula is text");
    let head = "customer.id,payment.amount,payment.currency,account.number,account.customer_name,general.payment_id\n";
    let file = format!("{head}{},15000,PHP,09123456789,'=Doe,'-bonus\n", row["customer_id"]);
    let run = finance.brings("payouts.csv", file).await;
    let states = states_of(&finance, &run).await;
    assert_eq!(states[0].0, "ready", "{states:?}");
    finance.confirms(&format!("{run}/start"), &[]).await;
    finance.sees_run(&run, "finished").await;
    // The platform knows the customer by the id of before, and pays nothing out; what matters is what it was asked.
    assert_eq!(shop.platform_has("-bonus").await, ["payout decline 15000"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_customer_s_id_can_begin_as_a_formula_does() {
    let shop = TestShop::start().await;
    // Each is drawn from chance: of eight, one at least would hold a sign if any could.
    for _ in 0..8 {
        let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
        let id = purchase.parameter("customer_id");
        assert!(id.chars().all(|sign| sign.is_ascii_alphanumeric()), "{id:?} holds a sign, and another may begin with one");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_spreadsheet_might_run_is_text_in_a_file() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let reasons = ["|calc", "＝1+1", "＠SUM(A1)", "'=1+1", "=1+1"];
    let rows: Vec<_> = reasons.into_iter().zip(1..).map(|(reason, sum)| (&purchase, sum, reason)).collect();
    let run = finance.brings("refunds.csv", refunds(&rows)).await;
    let result = finance.result_of(&run).await;
    let written: Vec<_> = result.iter().map(|row| row["payment.description"].as_str()).collect();
    assert_eq!(written, ["'|calc", "'＝1+1", "'＠SUM(A1)", "'=1+1", "'=1+1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_address_is_taken_for_one() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("BE", "bancontact").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let addresses =
        [("abcd:1", false), ("::1::", false), ("1.2.3", false), ("192.0.2.7", true), ("2001:DB8::7", true), (" ::1\u{A0}", true)];
    let head = "general.payment_id,payment.amount,payment.currency,payment.description,customer.ip_address\n".to_owned();
    let line = |((address, _), sum): (&(&str, bool), u32)| format!("{},{sum},EUR,x,{address}\n", purchase.payment_id());
    let run = finance.brings("refunds.csv", head + &addresses.iter().zip(1..).map(line).collect::<String>()).await;
    for ((address, is_one), (state, why)) in addresses.into_iter().zip(states_of(&finance, &run).await) {
        assert!(if is_one { state == "ready" } else { why.contains("is no address") }, "{address:?}: {state} {why}");
    }
}

#[tokio::test]
async fn a_search_finds_words_in_any_order_however_they_are_written() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let finds = async |words: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        customer.opens(&format!("/?{query}")).await.body.contains("href=\"/products/jeju-green-tea\"")
    };
    for words in [
        "녹차",
        "\u{1102}\u{1169}\u{11A8}\u{110E}\u{1161}",
        "tea green",
        "green  tea",
        "GREEN\u{A0}TEA",
        "\u{200B}green",
        "ｇｒｅｅｎ",
        "tea 녹차",
    ] {
        assert!(finds(words).await, "{words:?}");
    }
    for words in ["green coffee", "teagreen"] {
        assert!(!finds(words).await, "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_amount_may_be_typed_with_a_comma_where_it_can_mean_one_sum() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 20).await;
    let purchase = customer.checks_out("bancontact", "a@b.be", "Peeters").await;
    customer.answers_with(&purchase, "approve").await;
    customer.sees(&purchase.order_path(), "success").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let order = format!("/admin/orders/{}", purchase.order_number());
    let refunds = async |amount: &str| {
        let page = finance.sees(&format!("{order}?still=1")).await;
        let name = page.input("name");
        let form = [("payment_id", purchase.payment_id()), ("name", name.as_str()), ("amount", amount), ("reason", "late")];
        finance.confirms(&format!("{order}/refunds"), &form).await
    };
    for two_sums in ["1,250", "1,2", "12,5", "1,250.00", "1.250,00", "1,1,11", ",50"] {
        assert_eq!(refunds(two_sums).await.status, 422, "{two_sums}");
    }
    let answer = refunds("12,50").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    eventually("the refund", async || {
        shop.time_passes(Duration::from_secs(5));
        shop.platform_has(purchase.payment_id()).await.contains(&"refund success 1250".to_owned()).then_some(())
    })
    .await;
}

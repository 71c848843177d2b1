//! Gate and Data API of the sandbox as a shop meets them: over HTTP, signed, decided later.

use std::time::Duration;

use serde_json::{Value, json};
use storefront::protocol::sandbox;

use crate::kit::{
    merchant::{
        BANCONTACT, CLARIFICATION, Merchant, PAYCO, PAYMAYA, PAYOUT, STATUS, general, json_of, payout, refund, refund_path, sale,
        signed_in_general, with,
    },
    signed,
};

#[tokio::test]
async fn a_sale_by_each_method_ends_paid_and_the_customer_goes_back() {
    let merchant = Merchant::opens();
    for (path, home) in [(PAYCO, "http://shop.test/s"), (PAYMAYA, "http://shop.test/s"), (BANCONTACT, "http://shop.test/r")] {
        let id = path.replace('/', "-");
        let page = merchant.pays(path, &id, "approve").await;
        assert_eq!((page.status, page.location()), (303, Some(home)), "{path}");
        let told = merchant.newest_callback(&id, "success").await;
        assert_eq!(told["operation"]["type"], "sale");
        assert_eq!(told.get("redirect_data"), None, "nothing is left to do");
    }
}

#[tokio::test]
async fn a_declined_customer_goes_where_the_method_lets_him() {
    let merchant = Merchant::opens();
    for (path, home) in [(PAYCO, "http://shop.test/d"), (PAYMAYA, "http://shop.test/s"), (BANCONTACT, "http://shop.test/r")] {
        let id = path.replace('/', "-");
        assert_eq!(merchant.pays(path, &id, "decline").await.location(), Some(home), "{path}");
        assert_eq!(merchant.newest_callback(&id, "decline").await["operation"]["code"], "20000");
    }
    merchant.does(PAYMAYA, &with(&sale(PAYMAYA, "small"), "/payment/amount", json!(1))).await;
    let told = merchant.newest_callback("small", "awaiting redirect result").await;
    merchant.follows(&told["redirect_data"], "approve").await;
    assert_eq!(merchant.newest_callback("small", "decline").await["operation"]["code"], "20101", "outside the method's limits");
}

#[tokio::test]
async fn the_answer_and_the_callbacks_name_the_same_request() {
    let merchant = Merchant::opens();
    let answer = merchant.does(PAYCO, &sale(PAYCO, "a")).await;
    let told = merchant.newest_callback("a", "awaiting redirect result").await;
    assert_eq!(told["operation"]["request_id"], answer["request_id"]);
    let wrong = merchant.http.posts(told["redirect_data"]["url"].as_str().expect("a text"), &[("order", "another")]).await;
    assert_eq!(wrong.status, 400, "the provider wants the form it gave");
    assert_eq!(merchant.is_refused(PAYCO, &sale(PAYCO, "A")).await, ("3041".to_owned(), 400), "ids are compared without case");
    assert_eq!(merchant.seen("a").await["operations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_is_missing_or_wrong_in_a_sale_is_refused_by_its_code() {
    let merchant = Merchant::opens();
    for (path, pointer, value, code) in [
        (PAYCO, "/general/project_id", json!(1), "2442"),
        (PAYCO, "/general/project_id", json!("3000"), "2003"),
        (PAYCO, "/general/payment_id", Value::Null, "2004"),
        (PAYCO, "/general/payment_id", json!("a".repeat(256)), "3024"),
        (PAYCO, "/general/merchant_callback_url", json!("nowhere"), "502"),
        (PAYCO, "/payment/amount", Value::Null, "3286"),
        (PAYCO, "/payment/amount", json!("5000"), "2003"),
        (PAYCO, "/payment/amount", json!(0), "2003"),
        (PAYCO, "/payment/currency", Value::Null, "3287"),
        (PAYCO, "/payment/currency", json!("XYZ"), "3121"),
        (PAYCO, "/payment/currency", json!("EUR"), "3023"),
        (PAYCO, "/customer/id", Value::Null, "2154"),
        (PAYCO, "/customer/ip_address", Value::Null, "2004"),
        (PAYCO, "/customer/ip_address", json!("here"), "502"),
        (PAYCO, "/return_url/decline", Value::Null, "2004"),
        (PAYCO, "/return_url/success", json!("javascript:alert(1)"), "502"),
        (PAYMAYA, "/customer/email", Value::Null, "2004"),
        (PAYMAYA, "/customer/email", json!("maria"), "2426"),
        (BANCONTACT, "/return_url/return", Value::Null, "2004"),
    ] {
        let refused = merchant.is_refused(path, &with(&sale(path, "a"), pointer, value.clone())).await;
        assert_eq!(refused, (code.to_owned(), 400), "{path} {pointer} {value}");
    }
    merchant.does(PAYCO, &with(&sale(PAYCO, "a"), "/payment/unknown", json!(["x"]))).await;
}

#[tokio::test]
async fn nothing_is_done_without_the_right_signature() {
    let merchant = Merchant::opens();
    let body = sale(PAYCO, "a");
    let altered = signed_in_general(&body).replace("5000", "5001");
    let elsewhere = signed(&body.to_string(), sandbox::PROJECT_SECRET);
    for (text, code, status) in [
        (body.to_string(), "3262", 403),
        (elsewhere, "3262", 403),
        (altered, "3261", 403),
        (with(&body, "/general/signature", json!("AAAA")).to_string(), "3261", 403),
        ("{".to_owned(), "2003", 400),
        ("[]".to_owned(), "2003", 400),
    ] {
        for path in [PAYCO, STATUS, CLARIFICATION] {
            let page = merchant.http.sends(path, "application/json", text.clone().into_bytes()).await;
            assert_eq!((json_of(&page)["code"].as_str(), page.status), (Some(code), status), "{path} {text}");
        }
    }
    assert_eq!(merchant.http.opens("/control/payments/a").await.status, 404);
    assert_eq!(merchant.is_refused("/v2/payment/wallet/other/sale", &body).await, ("2541".to_owned(), 404));
    assert_eq!(merchant.http.opens(PAYCO).await.status, 405);
}

#[tokio::test]
async fn a_missing_last_name_is_asked_for_and_given() {
    let merchant = Merchant::opens();
    let nameless = |id: &str| with(&sale(BANCONTACT, id), "/customer/last_name", Value::Null);
    let answer =
        |id: &str, name: Value| json!({ "general": general(id), "additional_data": { "customer": { "last_name": name } } });
    merchant.does(BANCONTACT, &nameless("a")).await;
    let told = merchant.newest_callback("a", "awaiting clarification").await;
    assert_eq!(told["clarification_fields"]["customer"]["last_name"]["type"], "text");
    assert_eq!(told["operation"]["status"], "awaiting clarification");
    assert_eq!(merchant.status("a").await["clarification_fields"], told["clarification_fields"]);

    assert_eq!(merchant.is_refused(CLARIFICATION, &answer("a", Value::Null)).await.0, "2004");
    for (unfit, code) in [(&*"x".repeat(101), "3191"), ("\u{200B}\u{200B}\u{200B}", "2004"), ("\u{3164}\u{AD}\u{2800}", "2004")] {
        assert_eq!(merchant.is_refused(CLARIFICATION, &answer("a", json!(unfit))).await.0, code, "{unfit:?}");
    }
    assert_eq!(merchant.is_refused(CLARIFICATION, &answer("b", json!("Peeters"))).await.0, "3061");
    merchant.does(CLARIFICATION, &answer("a", json!("Peeters"))).await;
    let told = merchant.newest_callback("a", "awaiting redirect result").await;
    assert_eq!(merchant.is_refused(CLARIFICATION, &answer("a", json!("Peeters"))).await.0, "3060");
    merchant.follows(&told["redirect_data"], "approve").await;
    assert_eq!(merchant.newest_callback("a", "success").await["customer"]["last_name"], "Peeters");

    // One too short for a sale is asked for once more; said again, it is what the customer is called.
    merchant.does(BANCONTACT, &with(&sale(BANCONTACT, "short"), "/customer/last_name", json!("Li"))).await;
    merchant.sees_status("short", "awaiting clarification").await;
    merchant.does(CLARIFICATION, &answer("short", json!("Li"))).await;
    merchant.sees_status("short", "awaiting redirect result").await;

    merchant.does(BANCONTACT, &nameless("late")).await;
    merchant.sees_status("late", "awaiting clarification").await;
    merchant.time_passes(31 * 60).await;
    assert_eq!(merchant.newest_callback("late", "decline").await["operation"]["code"], "20602");
    assert_eq!(merchant.is_refused(CLARIFICATION, &answer("late", json!("Peeters"))).await.0, "3060");
}

#[tokio::test]
async fn a_payment_is_given_back_in_parts_and_not_beyond() {
    let merchant = Merchant::opens();
    for (path, currency, left) in [(PAYCO, "KRW", [3000, 0]), (BANCONTACT, "EUR", [5000, 5000])] {
        let id = path.replace('/', "-");
        let address = refund_path(path);
        merchant.pays(path, &id, "approve").await;
        merchant.sees_status(&id, "success").await;

        let part = with(&refund(&id, Some((2000, currency))), "/payment/merchant_refund_id", json!(format!("{currency}-1")));
        let answer = merchant.does(&address, &part).await;
        let told = merchant.newest_callback(&id, "partially refunded").await;
        assert_eq!(told["operation"]["type"], "refund");
        assert_eq!(told["operation"]["request_id"], answer["request_id"]);
        assert_eq!(told["operation"]["sum_initial"], json!({ "amount": 2000, "currency": currency }));
        assert_eq!(told["payment"]["sum"]["amount"], left[0]);
        assert_eq!(told["payment"]["description"], "sent back");
        assert_eq!(told["payment"]["merchant_refund_id"], format!("{currency}-1"));
        assert_eq!(merchant.is_refused(&address, &part).await.0, "3230");

        merchant.does(&address, &refund(&id, Some((3001, currency)))).await;
        let over = merchant.sees_decided(&id, 3).await;
        assert_eq!((&over["status"], &over["code"]), (&json!("decline"), &json!("3283")));
        assert_eq!(merchant.seen(&id).await["status"], "partially refunded", "the payment stays as it was");

        merchant.does(&address, &refund(&id, None)).await;
        let told = merchant.newest_callback(&id, "refunded").await;
        assert_eq!(told["operation"]["sum_initial"]["amount"], 3000, "all that was left");
        assert_eq!(told["payment"]["sum"]["amount"], left[1]);
        merchant.does(&address, &refund(&id, None)).await;
        assert_eq!(merchant.sees_decided(&id, 5).await["code"], "3283");
        assert_eq!(merchant.seen(&id).await["status"], "refunded");
    }
}

#[tokio::test]
async fn a_refund_that_cannot_be_is_refused_at_once() {
    let merchant = Merchant::opens();
    let address = refund_path(BANCONTACT);
    merchant.pays(BANCONTACT, "paid", "approve").await;
    merchant.pays(BANCONTACT, "declined", "decline").await;
    let part = refund("paid", Some((1000, "EUR")));
    for (path, body, code, status) in [
        (address.as_str(), with(&part, "/payment/description", Value::Null), "2004", 400),
        (&address, with(&part, "/payment/description", json!("\u{200B}\u{2800}")), "2004", 400),
        (&address, with(&part, "/payment/amount", Value::Null), "3286", 400),
        (&address, with(&part, "/payment/currency", Value::Null), "3287", 400),
        (&address, with(&part, "/payment/currency", json!("PHP")), "3284", 400),
        (&address, with(&part, "/customer/ip_address", Value::Null), "2004", 400),
        (&address, refund("unknown", None), "3061", 400),
        (&address, refund("declined", None), "3060", 400),
        (&refund_path(PAYCO), refund("paid", None), "3061", 400),
        (&refund_path(PAYMAYA), refund("paid", None), "3610", 404),
    ] {
        assert_eq!(merchant.is_refused(path, &body).await, (code.to_owned(), status), "{path} {body}");
    }
    merchant.does(&address, &with(&part, "/payment/description", json!("please DECLINE this"))).await;
    assert_eq!(merchant.sees_decided("paid", 2).await["code"], "20000", "as testers ask for it");
    assert_eq!(merchant.seen("paid").await["status"], "success");
}

#[tokio::test]
async fn a_refund_in_progress_is_not_begun_twice() {
    let merchant = Merchant::opens();
    let address = refund_path(BANCONTACT);
    merchant.pays(BANCONTACT, "a", "approve").await;
    merchant.faults(json!({ "operations_pending": true })).await;
    let part = refund("a", Some((1000, "EUR")));
    let named = |id: &str| with(&part, "/payment/merchant_refund_id", json!(id));
    merchant.does(&address, &named("r1")).await;
    assert_eq!(merchant.is_refused(&address, &part).await.0, "3613");
    assert_eq!(merchant.is_refused(&address, &named("r1")).await.0, "3613");
    merchant.does(&address, &named("r2")).await;
    merchant.time_passes(3 * 24 * 60 * 60).await;
    let seen = merchant.status("a").await;
    assert_eq!(seen["payment"]["status"], "success");
    let refunds = |seen: &Value, status: &str| {
        let operations = seen["operations"].as_array().expect("a list").iter();
        operations.filter(|operation| operation["type"] == "refund" && operation["status"] == status).count()
    };
    assert_eq!(refunds(&seen, "processing"), 2, "pending as long as the fault is set");
    merchant.faults(json!({})).await;
    merchant.sees("a", "both refunded", |seen| refunds(seen, "success") == 2).await;
}

#[tokio::test]
async fn money_is_paid_out_to_those_who_paid_before() {
    let merchant = Merchant::opens();
    merchant.does(PAYOUT, &payout("early")).await;
    let told = merchant.newest_callback("early", "decline").await;
    assert_eq!(told["operation"]["code"], "2606");

    merchant.pays(PAYMAYA, "purchase", "approve").await;
    merchant.sees_status("purchase", "success").await;
    merchant.does(PAYOUT, &payout("out")).await;
    let told = merchant.newest_callback("out", "success").await;
    assert_eq!((&told["payment"]["type"], &told["operation"]["type"]), (&json!("payout"), &json!("payout")));
    assert_eq!(told["customer"], json!({ "id": "c1", "phone": "09123456789" }));
    assert_eq!(merchant.seen("out").await["operations"][0]["type"], "payout");
    merchant.does(PAYOUT, &with(&payout("not"), "/account/customer_name", json!("Decline Me"))).await;
    assert_eq!(merchant.newest_callback("not", "decline").await["operation"]["code"], "20000");

    for (pointer, value, code) in [
        ("/general/payment_id", json!("out"), "3041"),
        ("/payment/amount", json!(99), "3358"),
        ("/payment/amount", json!(2_000_001), "2642"),
        ("/payment/currency", json!("EUR"), "3023"),
        ("/customer/id", Value::Null, "2154"),
        ("/customer/ip_address", Value::Null, "2004"),
        ("/account/number", Value::Null, "2004"),
        ("/account/number", json!("9123456789"), "20102"),
        ("/account/customer_name", Value::Null, "2004"),
        ("/account/customer_name", json!("\u{3164}\u{AD}"), "2004"),
    ] {
        let refused = merchant.is_refused(PAYOUT, &with(&payout("new"), pointer, value.clone())).await;
        assert_eq!(refused, (code.to_owned(), 400), "{pointer} {value}");
    }
}

#[tokio::test]
async fn a_status_request_tells_all_that_is_known() {
    let merchant = Merchant::opens();
    let unknown = merchant.status("a").await;
    assert_eq!((&unknown["errors"][0]["code"], unknown.get("payment")), (&json!("3061"), None));

    merchant.does(PAYCO, &sale(PAYCO, "a")).await;
    let told = merchant.newest_callback("a", "awaiting redirect result").await;
    let known = merchant.status("a").await;
    assert_eq!(known["payment"], told["payment"]);
    assert_eq!(known["redirect_data"], told["redirect_data"]);
    assert_eq!(known["operations"], json!([told["operation"]]));
    merchant.follows(&told["redirect_data"], "approve").await;
    merchant.does(&refund_path(PAYCO), &refund("a", None)).await;
    merchant.sees_status("a", "refunded").await;
    let known = merchant.status("A").await;
    assert_eq!((&known["payment"]["id"], &known["payment"]["status"]), (&json!("a"), &json!("refunded")));
    assert_eq!(known["payment"]["sum"], json!({ "amount": 5000, "currency": "KRW" }));
    assert_eq!(known["customer"], json!({ "id": "c1" }));
    let told: Vec<_> = known["operations"].as_array().expect("a list").iter().map(|operation| &operation["type"]).collect();
    assert_eq!(told, ["sale", "refund"]);
    assert_eq!(known.get("redirect_data"), None);
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_the_request_was_done_once() {
    let merchant = Merchant::opens();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(1500)).build().expect("a client");
    merchant.pays(PAYMAYA, "purchase", "approve").await;
    for fault in ["timeout", "reset", "half_json", "html_502", "too_many_requests"] {
        for (path, body) in [(PAYCO, sale(PAYCO, &format!("sale-{fault}"))), (PAYOUT, payout(&format!("payout-{fault}")))] {
            merchant.faults(json!({ "gate": fault })).await;
            let sent = client.post(format!("{}{path}", merchant.sandbox.address)).body(signed_in_general(&body)).send().await;
            match (fault, sent) {
                ("timeout", sent) => assert!(sent.is_err_and(|error| error.is_timeout())),
                ("reset", Ok(answer)) => assert!(answer.text().await.is_err(), "the connection broke"),
                ("reset", Err(error)) => assert!(!error.is_timeout(), "{error:?}"),
                ("half_json", Ok(answer)) => {
                    let text = answer.text().await.expect("whole as HTTP has it");
                    assert!(text.starts_with('{') && serde_json::from_str::<Value>(&text).is_err(), "{text}");
                }
                ("html_502", Ok(answer)) => assert_eq!(answer.status(), 502),
                ("too_many_requests", Ok(answer)) => {
                    assert_eq!(answer.status(), 429);
                    assert!(answer.headers().contains_key("retry-after"));
                }
                (_, sent) => panic!("{fault}: {sent:?}"),
            }
            merchant.faults(json!({})).await;
            assert_eq!(merchant.is_refused(path, &body).await.0, "3041", "{fault}");
            let id = body["general"]["payment_id"].as_str().expect("a text");
            assert_eq!(merchant.seen(id).await["operations"].as_array().map(Vec::len), Some(1), "{fault}");
        }
    }
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_not_made_again() {
    let merchant = Merchant::opens();
    let address = refund_path(BANCONTACT);
    merchant.pays(BANCONTACT, "a", "approve").await;
    let body = with(&refund("a", Some((1000, "EUR"))), "/payment/merchant_refund_id", json!("r1"));
    merchant.faults(json!({ "gate": "html_502" })).await;
    assert_eq!(merchant.sends(&address, &body).await.status, 502);
    assert_eq!(merchant.sends(STATUS, &json!({ "general": general("a") })).await.status, 502, "status requests fail alike");
    merchant.faults(json!({})).await;
    merchant.sees_status("a", "partially refunded").await;
    assert_eq!(merchant.is_refused(&address, &body).await.0, "3230");
    assert_eq!(merchant.seen("a").await["operations"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn of_ten_sales_with_one_id_one_is_made() {
    let merchant = Merchant::opens();
    let body = sale(PAYCO, "a");
    let answers = futures::future::join_all((0..10).map(|_| merchant.sends(PAYCO, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| json_of(answer)["code"] == "3041"));
    assert_eq!(merchant.seen("a").await["operations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_register_lists_every_operation_page_by_page() {
    let merchant = Merchant::opens();
    for number in 0..5 {
        merchant.does(PAYCO, &sale(PAYCO, &format!("p{number}"))).await;
    }
    merchant.pays(BANCONTACT, "paid", "approve").await;
    let asked = json!({
        "token": sandbox::DATA_API_TOKEN,
        "project_id": [sandbox::PROJECT_ID],
        "interval": { "from": "2020-01-01 00:00:00", "to": "2100-01-01 00:00:00" },
    });
    let all = merchant.register(&asked).await;
    assert_eq!(all["total"], 6);
    let mut paged = Vec::new();
    for offset in [0, 4, 8] {
        let page = merchant.register(&with(&with(&asked, "/limit", json!(4)), "/offset", json!(offset))).await;
        assert_eq!(page["total"], 6);
        paged.extend(page["operations"].as_array().expect("a list").clone());
    }
    assert_eq!(json!(paged), all["operations"]);
    let last = &paged[5];
    assert_eq!((&last["payment_id"], &last["operation_status"]), (&json!("paid"), &json!("success")));
    assert_eq!((&last["initial_amount"], &last["channel_currency"]), (&json!(5000), &json!("EUR")));
    assert_eq!(last["operation_completed_at"].as_str().map(str::len), Some("2026-01-31 10:20:30".len()));
    assert_eq!(paged[0]["operation_completed_at"], Value::Null, "not decided");

    let past = with(&asked, "/interval", json!({ "from": "2020-01-01 00:00:00", "to": "2020-12-31 23:59:59" }));
    assert_eq!(merchant.register(&past).await["total"], 0);
    assert_eq!(merchant.register(&with(&asked, "/project_id", json!([1]))).await["total"], 0);

    let unsigned = asked.to_string();
    for (body, code, status) in [
        (unsigned.clone(), "3262", 403),
        (signed(&unsigned, sandbox::PROJECT_SECRET), "3261", 403),
        (signed(&with(&asked, "/token", json!("another")).to_string(), sandbox::DATA_API_SECRET), "303", 401),
        (signed(&with(&asked, "/limit", json!(1001)).to_string(), sandbox::DATA_API_SECRET), "502", 400),
        (signed(&with(&asked, "/interval", Value::Null).to_string(), sandbox::DATA_API_SECRET), "2004", 400),
    ] {
        let page = merchant.http.sends("/v1/operations/get", "application/json", body.into_bytes()).await;
        assert_eq!((json_of(&page)["code"].as_str(), page.status), (Some(code), status), "{}", page.body);
    }
}

#[tokio::test]
async fn the_register_tells_wrongly_what_a_test_asks_for() {
    let merchant = Merchant::opens();
    merchant.does(PAYCO, &sale(PAYCO, "a")).await;
    let id = merchant.seen("a").await["operations"][0]["id"].clone();
    let asked = json!({ "token": sandbox::DATA_API_TOKEN, "interval": { "from": "2020-01-01", "to": "2100-01-01" } });
    let right = merchant.register(&asked).await;
    let change = async |method: reqwest::Method, body: Value| {
        let page = merchant
            .http
            .asks(|client, sandbox| client.request(method, format!("{sandbox}/control/register")).body(body.to_string()));
        page.await.status
    };
    let put = json!([{ "operation_id": id, "change": "amount" }, { "change": "extra" }]);
    assert_eq!(change(reqwest::Method::PUT, put).await, 200);
    let wrong = merchant.register(&asked).await;
    assert_eq!((&wrong["total"], &wrong["operations"][0]["initial_amount"]), (&json!(2), &json!(5001)));
    assert_eq!(merchant.seen("a").await["amount"], 5000, "the ledger stays right");
    assert_eq!(change(reqwest::Method::PUT, json!([{ "change": "late" }])).await, 400);
    assert_eq!(change(reqwest::Method::DELETE, json!(null)).await, 200);
    assert_eq!(merchant.register(&asked).await, right);
}

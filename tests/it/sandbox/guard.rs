//! Pages of other sites in a customer's browser move nothing at the sandbox; the size of what is sent to it is limited.

use serde_json::json;
use storefront::protocol::sandbox;
use url::form_urlencoded;

use crate::kit::{
    Customer, Page, TestShop,
    merchant::{Merchant, PAYCO, PAYMAYA, json_of, sale, signed_in_general},
    signed,
};

/// What browsers say of a request that a page of another site makes.
const FOREIGN: [(&str, &str); 5] = [
    ("origin", "http://evil.test"),
    ("origin", "null"),
    ("origin", "http://localhost.evil.test"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
];

async fn posts(http: &Customer, address: &str, (header, value): (&str, &str), fields: &[(&str, &str)]) -> Page {
    http.asks(|client, origin| {
        let address = if address.starts_with('/') { format!("{origin}{address}") } else { address.to_owned() };
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        client.post(address).header(header, value).body(body)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_opens_the_payment_page_and_does_nothing_on_it() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let opening: Vec<_> = purchase.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let at = |path: &str| format!("{}{path}", shop.sandbox.address);
    for foreign in FOREIGN {
        let opened = posts(&customer, &at("/payment"), foreign, &opening).await;
        assert_eq!(opened.status, 200, "{foreign:?}: every shop is another site");
        let refused = posts(&customer, &at("/payment/confirm"), foreign, &opening).await;
        assert_eq!(refused.status, 403, "{foreign:?}");
    }
    assert_eq!(customer.opens(&at("/control/payments")).await.body, "[]");

    shop.platform_misbehaves(json!({ "try_again": true })).await;
    let provider = customer.confirms(&purchase).await;
    for foreign in FOREIGN {
        assert_eq!(posts(&customer, &provider, foreign, &[("decision", "approve")]).await.status, 403, "{foreign:?}");
    }
    assert_eq!(shop.platform_has(purchase.payment_id()).await, ["sale awaiting redirect result 18000"]);

    let own = ("origin", shop.sandbox.address.as_str());
    let declined = posts(&customer, &provider, own, &[("decision", "decline")]).await;
    assert_eq!(declined.status, 303, "its own page");
    let again = format!("{}/again", at(declined.location().expect("the result")));
    for foreign in FOREIGN {
        assert_eq!(posts(&customer, &again, foreign, &[]).await.status, 403, "{foreign:?}");
    }
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 1, "no other try");
    assert_eq!(posts(&customer, &again, ("sec-fetch-site", "same-origin"), &[]).await.status, 303);
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test]
async fn the_form_that_leads_a_customer_from_a_shop_to_the_provider_may_come_from_there() {
    let merchant = Merchant::opens();
    merchant.does(PAYCO, &sale(PAYCO, "a")).await;
    let told = merchant.newest_callback("a", "awaiting redirect result").await;
    let redirect = &told["redirect_data"];
    let order = redirect["body"]["order"].as_str().expect("the form's field");
    let page = posts(
        &merchant.http,
        redirect["url"].as_str().expect("an address"),
        ("sec-fetch-site", "cross-site"),
        &[("order", order), ("seller", "sandbox")],
    )
    .await;
    assert_eq!(page.status, 200, "{}", page.body);
}

#[tokio::test]
async fn no_page_in_a_browser_reaches_gate_or_the_register() {
    let merchant = Merchant::opens();
    let body = signed_in_general(&sale(PAYMAYA, "a"));
    let asked = json!({ "token": sandbox::DATA_API_TOKEN, "interval": { "from": "2020-01-01", "to": "2100-01-01" } });
    let asked = signed(&asked.to_string(), sandbox::DATA_API_SECRET);
    for (path, body) in [(PAYMAYA, &body), ("/v1/operations/get", &asked)] {
        for (header, value) in FOREIGN {
            let page = merchant
                .http
                .asks(|client, address| client.post(format!("{address}{path}")).header(header, value).body(body.clone()))
                .await;
            assert_eq!((page.status, &json_of(&page)["status"]), (403, &json!("error")), "{path} {header}: {value}");
        }
        assert_eq!(merchant.http.sends(path, "application/json", body.clone().into_bytes()).await.status, 200, "{path}: a server");
    }
}

#[tokio::test]
async fn nothing_larger_than_a_quarter_of_a_megabyte_is_read() {
    let merchant = Merchant::opens();
    let gate = [PAYMAYA, "/v2/payment/refund", "/v2/payment/status", "/v2/payment/clarification", "/v2/elsewhere"];
    let register = ["/v1/operations/get", "/v1/operations/get-by-payment"];
    let pages = ["/payment", "/payment/confirm", "/provider/payco-wallet/key"];
    let control = ["/control/clock", "/control/payouts", "/control/payments/a/refund", "/control/panel/faults"];
    for path in [&gate[..], &register, &pages, &control].concat() {
        assert_eq!(merchant.http.sends(path, "", vec![b'&'; 300_000]).await.status, 413, "{path}");
    }
    for path in ["/control/faults", "/control/register"] {
        let put = merchant.http.asks(|client, address| client.put(format!("{address}{path}")).body(vec![b'&'; 300_000]));
        assert_eq!(put.await.status, 413, "{path}");
    }
}

#[tokio::test]
async fn a_form_has_at_most_a_thousand_fields() {
    let merchant = Merchant::opens();
    let form = |fields: usize| (0..fields).map(|number| format!("n{number}=&")).collect::<String>().into_bytes();
    for path in ["/payment", "/payment/confirm", "/control/panel/faults"] {
        let refused = merchant.http.sends(path, "", form(1_001)).await;
        assert!(refused.status == 400 && refused.body.contains("more than 1000 fields"), "{path}: {}", refused.body);
        assert!(!merchant.http.sends(path, "", form(1_000)).await.body.contains("more than 1000 fields"), "{path}");
    }
}

#[tokio::test]
async fn what_costs_too_much_to_sign_is_refused_before_any_work() {
    let merchant = Merchant::opens();
    let numbers = vec!["1"; 60_000].join(",");
    for name in [8, 119_000] {
        let costly = format!(r#"{{"general":{{"signature":"A","project_id":3000}},"{}":[{numbers}]}}"#, "n".repeat(name));
        for path in [PAYMAYA, "/v2/payment/status", "/v1/operations/get", "/v1/operations/get-by-payment"] {
            let refused = merchant.http.sends(path, "application/json", costly.clone().into_bytes()).await;
            assert_eq!((refused.status, &json_of(&refused)["code"]), (400, &json!("2003")), "{path}: {}", refused.body);
        }
        let put = merchant.http.asks(|client, address| client.put(format!("{address}/control/faults")).body(costly));
        assert_eq!(put.await.status, 400);
    }
    let peak = merchant.sandbox.program.peak_memory();
    assert!(peak < 200, "{peak} MiB");
}

//! Requests as official SDKs and plugins of other languages send them are read as they are meant.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use storefront::protocol::sandbox;

use crate::kit::{
    Page,
    merchant::{BANCONTACT, Merchant, PAYCO, PAYMAYA, refund, with},
    signature_of,
};

/// Opens the Payment Page with parameters that were signed as JSON, and sent as texts.
async fn opens(merchant: &Merchant, signed: &Value, sent: &[(&str, &str)]) -> Page {
    let signature = signature_of(&signed.to_string(), sandbox::PROJECT_SECRET);
    let members = signed.as_object().expect("an object").iter();
    let own = members.map(|(name, value)| (name.as_str(), value.as_str().map_or(value.to_string(), str::to_owned)));
    let mut fields: Vec<(&str, String)> = own.collect();
    for (name, text) in sent {
        fields.retain(|(known, _)| known != name);
        fields.push((name, (*text).to_owned()));
    }
    fields.push(("signature", signature));
    let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    merchant.http.posts("/payment", &fields).await
}

fn parameters() -> Value {
    json!({ "project_id": sandbox::PROJECT_ID, "payment_id": "a", "payment_amount": 1000, "payment_currency": "EUR", "customer_id": "c1" })
}

#[tokio::test]
async fn a_flag_may_be_sent_in_words_as_five_of_six_sdks_do() {
    let merchant = Merchant::opens();
    for (flag, word) in [(1, "true"), (0, "false"), (1, "True"), (0, "False")] {
        let signed = with(&parameters(), "/redirect", json!(flag));
        let page = opens(&merchant, &signed, &[("redirect", word)]).await;
        assert_eq!(page.status, 200, "{word}: {}", page.body);
        let signed = with(&parameters(), "/some_future_flag", json!(flag));
        assert_eq!(opens(&merchant, &signed, &[("some_future_flag", word)]).await.status, 200, "{word}");
        let signed = with(&parameters(), "/payment_description", json!(word));
        assert_eq!(opens(&merchant, &signed, &[]).await.status, 200, "a text of this word is signed as it is");
    }
    let lie = with(&parameters(), "/redirect", json!(0));
    assert_eq!(opens(&merchant, &lie, &[("redirect", "true")]).await.status, 400, "signed as the opposite");
}

#[tokio::test]
async fn a_guest_has_no_customer_id() {
    let merchant = Merchant::opens();
    let page = opens(&merchant, &with(&parameters(), "/customer_id", Value::Null), &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("customer_id"), "a remark");
}

#[tokio::test]
async fn a_semicolon_in_a_value_is_refused_by_its_parameter() {
    let merchant = Merchant::opens();
    let page = opens(&merchant, &with(&parameters(), "/payment_description", json!("tea; green")), &[]).await;
    assert!(page.status == 400 && page.body.contains("payment_description"), "{}", page.body);
}

#[tokio::test]
async fn a_receipts_position_needs_its_amount_alone() {
    let merchant = Merchant::opens();
    for position in [json!({ "amount": 1000 }), json!({ "amount": 1000, "quantity": 1.5 }), json!({ "amount": 500, "quantity": 2 })]
    {
        let receipt = STANDARD.encode(json!({ "positions": [position] }).to_string());
        let page = opens(&merchant, &with(&parameters(), "/receipt_data", json!(receipt)), &[]).await;
        assert_eq!(page.status, 200, "{position}: {}", page.body);
    }
}

#[tokio::test]
async fn a_refund_may_leave_the_method_to_the_platform() {
    let merchant = Merchant::opens();
    for (path, currency) in [(PAYCO, "KRW"), (BANCONTACT, "EUR")] {
        let id = path.replace('/', "-");
        merchant.pays(path, &id, "approve").await;
        merchant.sees_status(&id, "success").await;
        let part = with(&refund(&id, Some((1000, currency))), "/customer", Value::Null);
        merchant.does("/v2/payment/refund", &part).await;
        assert_eq!(merchant.newest_callback(&id, "partially refunded").await["operation"]["status"], "success");
    }
    merchant.pays(PAYMAYA, "maya", "approve").await;
    assert_eq!(merchant.is_refused("/v2/payment/refund", &refund("maya", None)).await, ("3610".to_owned(), 404));
    assert_eq!(merchant.is_refused("/v2/payment/refund", &refund("unknown", None)).await, ("3061".to_owned(), 400));
    let other = merchant.is_refused("/v2/payment/card/refund", &refund("maya", None)).await;
    assert_eq!(other, ("2541".to_owned(), 404), "no method of this sandbox: nothing is said about refunds");
}

#[tokio::test]
async fn an_address_with_a_slash_too_many_says_which_one_is_meant() {
    let merchant = Merchant::opens();
    for path in ["//payment?project_id=1", "/payment/payment?project_id=1"] {
        let page = merchant.http.asks(|client, address| client.get(format!("{address}{path}"))).await;
        assert!(page.status == 404 && page.body.contains("/payment</code>"), "{path}: {}", page.body);
    }
}

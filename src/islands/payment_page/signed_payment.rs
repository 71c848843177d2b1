//! Asks the server for the payment a checkout form makes.

use js_sys::{JSON, Reflect};
use leptos::web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::patience::within_patience;
use crate::islands::dom::window;

/// One payment, ready to be opened.
pub struct SignedPayment {
    /// Path of the order's page.
    pub order: String,
    /// The address that opens the Payment Page in the tab.
    pub address: String,
    /// The same, as an object of parameters.
    pub parameters: JsValue,
}

/// Sends the form. `None`: it did not lead to a payment, whatever the reason.
pub async fn ask_for(form: &HtmlFormElement) -> Option<SignedPayment> {
    let fields = FormData::new_with_form(form).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    init.set_body(&body);
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    init.set_headers(&headers);
    let asked = window()?.fetch_with_str_and_init(&form.action(), &init);
    let answer: Response = JsFuture::from(within_patience(&asked)).await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let json = JsFuture::from(within_patience(&answer.text().ok()?)).await.ok()?.as_string()?;
    let payment = JSON::parse(&json).ok()?;
    let text = |name: &str| Reflect::get(&payment, &name.into()).ok()?.as_string();
    let parameters = Reflect::get(&payment, &"parameters".into()).ok().filter(JsValue::is_object)?;
    Some(SignedPayment { order: text("order")?, address: text("address")?, parameters })
}

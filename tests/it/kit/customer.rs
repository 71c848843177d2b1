//! A customer with a browser that runs no scripts: pages, forms, cookies.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use reqwest::{
    Client, RequestBuilder, Response,
    header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use url::{Url, form_urlencoded};

use crate::kit::eventually;

pub struct Customer {
    shop: String,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What a request brought, redirects not followed.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

/// A payment the shop sent the customer to make.
#[derive(Debug, Clone)]
pub struct Purchase {
    pub address: String,
    pub parameters: BTreeMap<String, String>,
}

/// What takes longer is taken for a hang, and fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

impl Customer {
    pub fn of(shop: &str) -> Self {
        Self::sending(shop, HeaderMap::new())
    }

    /// As a proxy of the shop's own tells it: from this address.
    pub fn from_address(shop: &str, address: &str) -> Self {
        let address = address.parse().expect("an address");
        Self::sending(shop, HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), address)]))
    }

    fn sending(shop: &str, headers: HeaderMap) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).default_headers(headers);
        Self { shop: shop.to_owned(), client: client.build().expect("a client"), cookies: Mutex::default() }
    }

    /// A path of the shop, or an address anywhere.
    pub async fn opens(&self, address: &str) -> Page {
        self.send(self.client.get(self.whole(address))).await
    }

    pub async fn posts(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.sends(address, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    pub async fn sends(&self, address: &str, content_type: &str, body: Vec<u8>) -> Page {
        self.send(self.client.post(self.whole(address)).header(CONTENT_TYPE, content_type).body(body)).await
    }

    /// Sends a request of any shape with this browser's cookies.
    pub async fn asks(&self, request: impl FnOnce(&Client, &str) -> RequestBuilder) -> Page {
        self.send(request(&self.client, &self.shop)).await
    }

    pub async fn shops_in(&self, market: &str) {
        assert_eq!(self.opens(&format!("/?market={market}")).await.status, 200);
    }

    pub async fn puts_in_cart(&self, product: &str, quantity: u32) {
        let page = self.posts("/cart", &[("product", product), ("quantity", &quantity.to_string())]).await;
        assert_eq!((page.status, page.location()), (303, Some("/cart")), "{product} goes into the cart");
    }

    /// Fills in the checkout page's form and presses Pay.
    pub async fn presses_pay(&self, method: &str, email: &str, last_name: &str) -> Page {
        let hidden = self.opens("/checkout").await.inputs();
        let typed = [("payment_method", method), ("email", email), ("last_name", last_name)];
        let form = hidden.iter().filter(|(name, _)| matches!(name.as_str(), "cart" | "total"));
        let form: Vec<_> = form.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed).collect();
        self.posts("/checkout", &form).await
    }

    pub async fn checks_out(&self, method: &str, email: &str, last_name: &str) -> Purchase {
        self.presses_pay(method, email, last_name).await.purchase()
    }

    /// From an empty cart to the Payment Page's address.
    pub async fn orders(&self, market: &str, product: &str, method: &str) -> Purchase {
        self.shops_in(market).await;
        self.puts_in_cart(product, 1).await;
        self.checks_out(method, "maria@example.com", "Peeters").await
    }

    /// Orders green tea and presses a button of the provider's page, `approve`, `decline` or `cancel`; the shop knows the end.
    pub async fn buys(&self, market: &str, method: &str, decision: &str) -> Purchase {
        let purchase = self.orders(market, "jeju-green-tea", method).await;
        self.answers_with(&purchase, decision).await;
        self.sees(&purchase.order_path(), if decision == "approve" { "success" } else { "decline" }).await;
        purchase
    }

    /// Opens the Payment Page, confirms, and presses a button of the provider's page: `approve`, `decline`, `cancel`.
    pub async fn answers_with(&self, purchase: &Purchase, decision: &str) -> Page {
        let provider = self.confirms(purchase).await;
        let result = self.posts(&provider, &[("decision", decision)]).await;
        let result = sibling(&provider, result.location().expect("the result"));
        self.opens(&result).await
    }

    /// Opens the Payment Page and confirms it as it stands; the provider's page is next.
    pub async fn confirms(&self, purchase: &Purchase) -> String {
        self.confirms_with(purchase, &[]).await
    }

    /// As [`Self::confirms`], with what is typed and chosen there.
    pub async fn confirms_with(&self, purchase: &Purchase, typed: &[(&str, &str)]) -> String {
        let page = self.opens(&purchase.address).await;
        assert_eq!(page.status, 200, "the Payment Page opens: {}", page.body);
        let form = page.inputs();
        let left = form.iter().filter(|(name, _)| typed.iter().all(|(typed, _)| typed != name) && name != "_method");
        let form: Vec<_> = left.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied()).collect();
        let page = self.posts(&sibling(&purchase.address, "/payment/confirm"), &form).await;
        sibling(&purchase.address, page.location().unwrap_or_else(|| panic!("the provider's page: {}", page.body)))
    }

    /// Keeps looking at an order until it tells this status.
    pub async fn sees(&self, order: &str, status: &str) -> Page {
        eventually(&format!("{order} with status {status}"), async || {
            let page = self.opens(order).await;
            (page.attribute("data-payment-status").as_deref() == Some(status)).then_some(page)
        })
        .await
    }

    /// What an event stream tells until it tells this.
    pub async fn listens(&self, address: &str, what: &str) -> String {
        let mut response = self.with_cookies(self.client.get(self.whole(address))).send().await.expect("a stream");
        let mut heard = String::new();
        while !heard.contains(what) {
            let chunk = response.chunk().await.expect("the stream").unwrap_or_else(|| panic!("it ended: {heard}"));
            heard.push_str(&String::from_utf8_lossy(&chunk));
        }
        heard
    }

    /// An event stream as it begins, whatever its status.
    pub async fn follows(&self, address: &str) -> Response {
        self.with_cookies(self.client.get(self.whole(address))).send().await.expect("a stream")
    }

    /// Listens to an event stream until it ends; `meanwhile` happens once something was told in it.
    pub async fn listens_to_its_end(&self, address: &str, meanwhile: impl Future<Output = ()>) {
        let mut response = self.with_cookies(self.client.get(self.whole(address))).send().await.expect("a stream");
        assert!(response.chunk().await.expect("the stream").is_some(), "{address} tells nothing");
        meanwhile.await;
        while response.chunk().await.unwrap_or_else(|error| panic!("{address} goes on: {error}")).is_some() {}
    }

    fn with_cookies(&self, request: RequestBuilder) -> RequestBuilder {
        let cookies: Vec<_> = self.cookies.lock().expect("cookies").iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    fn whole(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.shop) } else { address.to_owned() }
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let response = self.with_cookies(request).send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            self.cookies.lock().expect("cookies").insert(name.to_owned(), value.to_owned());
        }
        let body = response.bytes().await.expect("a whole body");
        Page { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

impl Page {
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The payment this answer leads to.
    pub fn purchase(&self) -> Purchase {
        let address = self.location().unwrap_or_else(|| panic!("{} and no Payment Page: {}", self.status, self.body)).to_owned();
        let url = Url::parse(&address).expect("an address elsewhere");
        Purchase { parameters: url.query_pairs().into_owned().collect(), address }
    }

    /// The first value of an attribute, unescaped.
    pub fn attribute(&self, name: &str) -> Option<String> {
        attribute(&self.body, name)
    }

    /// The links that carry this attribute: their address and what it says.
    pub fn links(&self, name: &str) -> Vec<(String, String)> {
        let tags = self.body.split("<a ").skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| format!(" {tag}")));
        tags.filter_map(|tag| Some((attribute(&tag, "href")?, attribute(&tag, name)?))).collect()
    }

    /// The text of the first `<h1>`.
    pub fn heading(&self) -> String {
        let after = self.body.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
        unescaped(after.split_once('<').map_or("", |(text, _)| text))
    }

    /// The value of the first input of this name.
    pub fn input(&self, name: &str) -> String {
        self.inputs().into_iter().find(|(found, _)| found == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// Names and values of all inputs, as they would be sent.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let tags = self.body.split("<input").skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag));
        tags.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))).collect()
    }
}

impl Purchase {
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    pub fn payment_id(&self) -> &str {
        self.parameter("payment_id")
    }

    /// The order's number.
    pub fn order_number(&self) -> &str {
        self.payment_id().rsplit_once('-').map_or("", |(number, _)| number)
    }

    /// Minor units.
    pub fn amount(&self) -> u64 {
        self.parameter("payment_amount").parse().expect("minor units")
    }

    pub fn currency(&self) -> &str {
        self.parameter("payment_currency")
    }

    /// The order's path at the shop, from the address customers are sent back to.
    pub fn order_path(&self) -> String {
        Url::parse(self.parameter("merchant_return_url")).expect("an address").path().to_owned()
    }
}

/// A path on the host of an address.
fn sibling(address: &str, path: &str) -> String {
    Url::parse(address).and_then(|url| url.join(path)).expect("an address").into()
}

fn attribute(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescaped(value))
}

/// HTML's text as a browser shows it.
pub fn unescaped(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

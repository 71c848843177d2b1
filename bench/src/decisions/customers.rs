//! Anonymous customers, each with their own address and browser, from an empty cart to the Payment Page.

use super::http::{Answer, Request};
use super::load::Load;
use anyhow::{Context, Result};
use axum::body::Bytes;
use hyper::header::{LOCATION, SET_COOKIE};
use hyper::http::Method;
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;
use url::{Url, form_urlencoded};

/// The stock of this product is not tracked, so it is never sold out.
const PRODUCT: &str = "jeju-green-tea";
const FORM: &str = "application/x-www-form-urlencoded";
const CONNECTIONS: usize = 32;
const PATIENCE: Duration = Duration::from_secs(60);

/// A payment that a customer was sent to make.
pub struct Payment {
    /// The parameters of the Payment Page, by name.
    parameters: HashMap<String, String>,
}

impl Payment {
    /// Reads the answer to a successful checkout.
    pub fn of(answer: &Answer) -> Result<Payment> {
        let address = Url::parse(answer.header(LOCATION).context("the checkout leads nowhere")?)?;
        Ok(Payment { parameters: address.query_pairs().into_owned().collect() })
    }

    /// A payment that no shop knows.
    pub fn made_up(number: usize) -> Payment {
        let known = [
            ("payment_id", format!("made-up-{number:016}")),
            ("payment_amount", "1250".to_owned()),
            ("payment_currency", "EUR".to_owned()),
            ("payment_description", format!("Made up {number:010}")),
            ("customer_id", format!("{number:032}")),
            ("customer_email", format!("customer{number}@mail.example")),
        ];
        Payment { parameters: known.map(|(name, value)| (name.to_owned(), value)).into() }
    }

    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// Where the customer is sent back to.
    pub fn order_path(&self) -> Result<String> {
        Ok(Url::parse(self.parameter("merchant_return_url"))?.path().to_owned())
    }
}

/// Fills the carts of at most `most` customers `within` this time, and returns the requests with which they press Pay.
/// `customers` counts all customers so far.
pub async fn about_to_pay(ports: &[u16], most: u32, within: Duration, customers: &mut u32) -> Result<Vec<Request>> {
    let fills: Vec<_> = (*customers..*customers + most).map(fill_cart).collect();
    *customers += most;
    let mut carts = Vec::new();
    let load = Load { ports, connections: CONNECTIONS, requests: &fills, again: false, within, expected: 303 };
    load.send(|place, answer| carts.push((fills[place].forwarded_for, cart_cookie(&answer)))).await?;

    let mut visits = Vec::new();
    for (address, cookie) in carts {
        visits.push(open_checkout(address, cookie.context("the cart has no cookie")?));
    }
    let mut forms = Vec::new();
    let load = Load { ports, connections: CONNECTIONS, requests: &visits, again: false, within: PATIENCE, expected: 200 };
    load.send(|place, answer| forms.push(press_pay(&visits[place], place, &answer.text()))).await?;
    forms.into_iter().collect()
}

fn fill_cart(customer: u32) -> Request {
    Request {
        method: Method::POST,
        path: "/cart".to_owned(),
        content_type: FORM,
        cookie: String::new(),
        forwarded_for: Some(Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 1)) + customer)),
        body: form(&[("product", PRODUCT), ("quantity", "1")]),
    }
}

fn cart_cookie(answer: &Answer) -> Option<String> {
    answer.header(SET_COOKIE)?.split(';').next().map(str::to_owned)
}

fn open_checkout(forwarded_for: Option<Ipv4Addr>, cookie: String) -> Request {
    Request { forwarded_for, ..visit("/checkout".to_owned(), cookie) }
}

/// Opens a page of the shop.
pub fn visit(path: String, cookie: String) -> Request {
    Request { method: Method::GET, path, content_type: FORM, cookie, forwarded_for: None, body: Bytes::new() }
}

/// Sends the form of a checkout page, filled in for a payment with Bancontact.
fn press_pay(visit: &Request, number: usize, page: &str) -> Result<Request> {
    let email = format!("customer{number}@mail.example");
    let typed = [("email", email.as_str()), ("last_name", "Peeters"), ("payment_method", "bancontact")];
    let hidden = ["cart", "total"].map(|name| Some((name, hidden(page, name)?)));
    let [Some(cart), Some(total)] = hidden else { anyhow::bail!("the checkout page has no form:\n{page}") };
    Ok(Request {
        method: Method::POST,
        path: visit.path.clone(),
        content_type: FORM,
        cookie: visit.cookie.clone(),
        forwarded_for: visit.forwarded_for,
        body: form(&[[cart, total].as_slice(), &typed].concat()),
    })
}

/// The value of a hidden field. The values that are read hold no characters that HTML escapes.
fn hidden<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let tag = page.split("<input").find(|tag| tag.contains(&format!(" name=\"{name}\"")))?;
    tag.split_once(" value=\"")?.1.split('"').next()
}

fn form(fields: &[(&str, &str)]) -> Bytes {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into()
}

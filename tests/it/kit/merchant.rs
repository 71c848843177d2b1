//! A merchant's program that speaks to the sandbox's Gate and Data API itself, as the platform's documents show it.

use serde_json::{Value, json};
use storefront::protocol::{
    callback::VerifiedCallback,
    sandbox,
    signed::{document::SignedDocument, signature::Key},
};
use url::Url;

use crate::kit::{Customer, Folder, Page, Sandbox, eventually, signature_of, signed};

/// A merchant's program, and the sandbox it speaks to.
pub struct Merchant {
    pub sandbox: Sandbox,
    pub http: Customer,
    _folder: Folder,
}

pub const PAYCO: &str = "/v2/payment/wallet/payco/sale";
pub const PAYMAYA: &str = "/v2/payment/wallet/paymaya/sale";
pub const BANCONTACT: &str = "/v2/payment/bancontact/sale";
pub const PAYOUT: &str = "/v2/payment/wallet/paymaya/payout";
pub const STATUS: &str = "/v2/payment/status";
pub const CLARIFICATION: &str = "/v2/payment/clarification";

impl Merchant {
    pub fn opens() -> Self {
        let folder = Folder::new();
        Self::of(Sandbox::start(&folder, &[]), folder)
    }

    /// With a sandbox that a shell prepared.
    pub fn opens_after(prepare: &str) -> Self {
        let folder = Folder::new();
        Self::of(Sandbox::start_after(&folder, prepare), folder)
    }

    fn of(sandbox: Sandbox, folder: Folder) -> Self {
        Self { http: Customer::of(&sandbox.address), sandbox, _folder: folder }
    }

    pub async fn sends(&self, path: &str, body: &Value) -> Page {
        self.http.sends(path, "application/json", signed_in_general(body).into_bytes()).await
    }

    /// The answer must say "accepted".
    pub async fn does(&self, path: &str, body: &Value) -> Value {
        let page = self.sends(path, body).await;
        let answer = json_of(&page);
        assert_eq!((page.status, &answer["status"]), (200, &json!("success")), "{}", page.body);
        assert_eq!(answer["project_id"], sandbox::PROJECT_ID);
        assert_eq!(answer["payment_id"], body["general"]["payment_id"]);
        answer
    }

    /// The code of a refusal and its HTTP status.
    pub async fn is_refused(&self, path: &str, body: &Value) -> (String, u16) {
        let page = self.sends(path, body).await;
        let answer = json_of(&page);
        assert_eq!(answer["status"], "error", "{path} {body}: {}", page.body);
        (answer["code"].as_str().expect("a text").to_owned(), page.status)
    }

    /// The payment as the sandbox's own control shows it.
    pub async fn seen(&self, payment_id: &str) -> Value {
        json_of(&self.http.opens(&format!("/control/payments/{payment_id}")).await)
    }

    pub async fn sees(&self, payment_id: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        eventually(&format!("{payment_id}: {what}"), async || Some(self.seen(payment_id).await).filter(|seen| is_so(seen))).await
    }

    pub async fn sees_status(&self, payment_id: &str, status: &str) -> Value {
        self.sees(payment_id, status, |seen| seen["status"] == status).await
    }

    /// The newest operation, once it is decided.
    pub async fn sees_decided(&self, payment_id: &str, count: usize) -> Value {
        let is_so = |seen: &Value| {
            let operations = seen["operations"].as_array().expect("a list");
            operations.len() == count && operations[count - 1]["status"] != "processing"
        };
        self.sees(payment_id, "decided", is_so).await["operations"][count - 1].clone()
    }

    pub async fn faults(&self, faults: Value) {
        let page = self.http.asks(|client, address| client.put(format!("{address}/control/faults")).body(faults.to_string())).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }

    pub async fn time_passes(&self, seconds: u64) {
        let page = self.http.sends("/control/clock", "application/json", json!({ "advance_s": seconds }).to_string().into()).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }

    /// A sale, and the customer's decision at the provider's.
    pub async fn pays(&self, path: &str, payment_id: &str, decision: &str) -> Page {
        self.does(path, &sale(path, payment_id)).await;
        let told = self.newest_callback(payment_id, "awaiting redirect result").await;
        self.follows(&told["redirect_data"], decision).await
    }

    /// Does with `redirect_data` what a browser does, then presses a button.
    pub async fn follows(&self, redirect: &Value, decision: &str) -> Page {
        let url = redirect["url"].as_str().expect("an address");
        assert_eq!(Url::parse(url).expect("absolute").origin(), Url::parse(&self.sandbox.address).expect("absolute").origin());
        let page = match redirect["method"].as_str() {
            Some("POST") => {
                let members = redirect["body"].as_object().expect("form fields").iter();
                let fields: Vec<_> = members.map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
                self.http.posts(url, &fields).await
            }
            _ => self.http.opens(url).await,
        };
        assert_eq!(page.status, 200, "the provider's page: {}", page.body);
        assert!(page.header("content-security-policy").contains("form-action 'self' http://shop.test"), "browsers follow");
        self.http.posts(url, &[("decision", decision)]).await
    }

    /// The newest callback about a payment, checked as a shop checks it.
    pub async fn newest_callback(&self, payment_id: &str, status: &str) -> Value {
        let seen = self.sees_status(payment_id, status).await;
        let callbacks = seen["callbacks"].as_array().expect("a list");
        let body = callbacks.last().expect("a callback")["body"].as_str().expect("a text");
        VerifiedCallback::verify(body.as_bytes(), &[key(sandbox::PROJECT_SECRET)]).expect("a signed callback");
        serde_json::from_str(body).expect("JSON")
    }

    pub async fn status(&self, payment_id: &str) -> Value {
        let page = self.sends(STATUS, &json!({ "general": general(payment_id) })).await;
        assert_eq!(page.status, 200, "{}", page.body);
        SignedDocument::verify(page.body.as_bytes(), &[key(sandbox::PROJECT_SECRET)]).expect("a signed answer");
        json_of(&page)
    }

    /// A page of the register.
    pub async fn register(&self, body: &Value) -> Value {
        let body = signed(&body.to_string(), sandbox::DATA_API_SECRET);
        let page = self.http.sends("/v1/operations/get", "application/json", body.into_bytes()).await;
        assert_eq!(page.status, 200, "{}", page.body);
        SignedDocument::verify(page.body.as_bytes(), &[key(sandbox::DATA_API_SECRET)]).expect("a signed answer");
        json_of(&page)
    }
}

pub fn key(secret: &str) -> Key {
    Key::new(&secret.to_owned().into()).expect("a key")
}

pub fn json_of(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{}: {}", page.status, page.body))
}

pub fn signed_in_general(body: &Value) -> String {
    let signature = signature_of(&body.to_string(), sandbox::PROJECT_SECRET);
    with(body, "/general/signature", json!(signature)).to_string()
}

/// Sets what a JSON pointer leads to; `null` takes it out.
pub fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    if value.is_null() {
        parent.remove(name)
    } else {
        parent.insert(name.to_owned(), value)
    };
    body
}

/// Callbacks go where nobody listens: the sandbox's control shows them all the same.
pub fn general(payment_id: &str) -> Value {
    json!({ "project_id": sandbox::PROJECT_ID, "payment_id": payment_id, "merchant_callback_url": "http://127.0.0.1:1/callbacks" })
}

/// As the samples of each method have it.
pub fn sale(path: &str, payment_id: &str) -> Value {
    let customer = json!({ "id": "c1", "ip_address": "192.0.2.1" });
    let (currency, customer, return_url) = match path {
        PAYCO => {
            let addresses =
                json!({ "success": "http://shop.test/s", "decline": "http://shop.test/d", "return": "http://shop.test/r" });
            ("KRW", customer, addresses)
        }
        PAYMAYA => ("PHP", with(&customer, "/email", json!("maria@example.com")), json!({ "success": "http://shop.test/s" })),
        _ => ("EUR", with(&customer, "/last_name", json!("Peeters")), json!({ "return": "http://shop.test/r" })),
    };
    let payment = json!({ "amount": 5000, "currency": currency });
    json!({ "general": general(payment_id), "payment": payment, "customer": customer, "return_url": return_url })
}

pub fn refund(payment_id: &str, part: Option<(u64, &str)>) -> Value {
    let mut payment = json!({ "description": "sent back" });
    if let Some((amount, currency)) = part {
        payment = json!({ "description": "sent back", "amount": amount, "currency": currency });
    }
    json!({ "general": general(payment_id), "payment": payment, "customer": { "ip_address": "192.0.2.1" } })
}

pub fn refund_path(sale_path: &str) -> String {
    sale_path.replace("/sale", "/refund")
}

pub fn payout(payment_id: &str) -> Value {
    json!({
        "general": general(payment_id),
        "payment": { "amount": 1000, "currency": "PHP" },
        "customer": { "id": "c1", "ip_address": "192.0.2.1" },
        "account": { "number": "09123456789", "customer_name": "Maria Santos" },
    })
}

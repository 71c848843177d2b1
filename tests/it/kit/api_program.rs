//! A program with a token, which reads the register as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kit::{Customer, Operator, Page, TestShop};

/// A program with a token.
pub struct ApiProgram {
    pub door: Customer,
    pub token: String,
}

impl ApiProgram {
    pub async fn of(shop: &TestShop, owner: &Operator, name: &str) -> Self {
        let page = owner.confirms("/admin/tokens", &[("name", name)]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let (_, rest) = page.body.split_once("<code class=\"api-token\">").expect("a token");
        Self { door: shop.customer(), token: rest.split_once('<').expect("its end").0.to_owned() }
    }

    pub async fn asks(&self, question: &Value) -> Page {
        let mut question = question.clone();
        question["token"] = json!(self.token);
        self.sends(question.to_string()).await
    }

    pub async fn sends(&self, body: impl Into<Vec<u8>>) -> Page {
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

pub fn with(name: &str, value: Value) -> Value {
    let mut question = always();
    question[name] = value;
    question
}

/// The error of an answer that must be one, as its HTTP status and code.
pub fn refusal(page: &Page) -> (u16, String) {
    assert_eq!(page.header("content-type"), "application/json", "never a page: {}", page.body);
    let answer: Value = serde_json::from_str(&page.body).expect("JSON");
    let members: BTreeSet<_> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!((members, &answer["status"]), (BTreeSet::from(["code", "message", "status"]), &json!("error")));
    assert!(answer["message"].as_str().is_some_and(|message| message.len() > 10), "{answer}");
    (page.status, answer["code"].as_str().expect("a name").to_owned())
}

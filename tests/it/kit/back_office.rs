//! What the back office shows to somebody who may only look: the callbacks that were kept, the orders, and what is known of them.

use serde_json::Value;

use crate::kit::{Operator, TestShop, unescaped};

/// A callback that was kept.
#[derive(Debug)]
pub struct KeptCallback {
    pub verdict: String,
    /// How often it came.
    pub deliveries: usize,
    /// With "…" for its signature, which no page shows.
    pub body: Value,
}

/// All callbacks that were kept, oldest first.
pub async fn kept_callbacks(viewer: &Operator) -> Vec<KeptCallback> {
    let (mut next, mut all) = (Some("/admin/callbacks".to_owned()), Vec::new());
    while let Some(address) = next {
        let page = viewer.sees(&address).await;
        all.extend(page.body.split("<p id=\"callback-").skip(1).map(kept_callback));
        next = page.links("rel").into_iter().find(|(_, rel)| rel == "next").map(|(address, _)| address);
    }
    all.reverse();
    all
}

fn kept_callback(html: &str) -> KeptCallback {
    let between = |from: &str, to: &str| html.split_once(from)?.1.split_once(to).map(|(found, _)| found);
    let strong = between("<strong class=\"verdict", "</strong>").expect("a verdict");
    let body = between("<pre><code>", "</code></pre>").expect("a body");
    KeptCallback {
        verdict: strong.split_once('>').expect("its text").1.to_owned(),
        deliveries: between(" It came ", " times").map_or(1, |often| often.parse().expect("a number")),
        body: serde_json::from_str(&unescaped(body)).unwrap_or(Value::Null),
    }
}

/// A callback as the back office shows it.
pub fn as_shown(body: &str) -> Value {
    let mut shown: Value = serde_json::from_str(body).expect("JSON");
    shown["signature"] = "…".into();
    shown
}

impl TestShop {
    async fn viewer(&self) -> Operator {
        Operator::called(self, "looker-on", "viewer").await
    }

    /// All callbacks that were kept, oldest first.
    pub async fn kept_callbacks(&self) -> Vec<KeptCallback> {
        kept_callbacks(&self.viewer().await).await
    }

    /// The numbers of all orders.
    pub async fn orders(&self) -> Vec<String> {
        let file = self.viewer().await.sees("/admin/orders/export.json").await;
        let rows: Vec<Value> = serde_json::from_str(&file.body).expect("JSON");
        rows.iter().map(|row| row["number"].as_str().expect("a number").to_owned()).collect()
    }

    /// How many payments were begun for an order.
    pub async fn payments_of(&self, order: &str) -> usize {
        let page = self.viewer().await.sees(&format!("/admin/orders/{order}")).await;
        let (_, table) = page.body.split_once("id=\"attempts\"").expect("a table of payments");
        table.split("</table>").next().unwrap_or_default().matches("<th scope=\"row\"").count()
    }

    /// What is known of an order by this name, such as "Last name"; "not given" where nothing is.
    pub async fn fact(&self, order: &str, name: &str) -> String {
        let page = self.viewer().await.sees(&format!("/admin/orders/{order}")).await;
        let (_, rest) = page.body.split_once(&format!("<dt>{name}</dt><dd>")).unwrap_or_else(|| panic!("{name}: {}", page.body));
        unescaped(rest.split("</dd>").next().unwrap_or_default())
    }
}

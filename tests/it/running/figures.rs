//! Figures: each says what it means, stands in the documentation, and alerts and dashboard ask for no other.

use std::{collections::BTreeSet, fs};

use futures::future::join_all;

use crate::kit::{Callback, TestShop};

fn file(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name)
}

/// The names after this word at the beginnings of lines.
fn named<'a>(figures: &'a str, word: &str) -> BTreeSet<&'a str> {
    figures.lines().filter_map(|line| line.strip_prefix(word)?.split(' ').next()).collect()
}

#[tokio::test]
async fn every_figure_says_what_it_means_and_stands_in_the_documentation() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    let figures = shop.figures().await;
    let (told, explained) = (named(&figures, "# TYPE "), named(&figures, "# HELP "));
    assert!(told.len() > 15, "{figures}");
    assert_eq!(told, explained, "{figures}");
    let documentation = file("docs/operating.md");
    let silent: Vec<_> = told.iter().filter(|name| !documentation.contains(&format!("`{name}`"))).collect();
    assert!(silent.is_empty(), "docs/operating.md does not name {silent:?}");
}

#[tokio::test]
async fn alerts_and_dashboard_ask_for_figures_that_there_are() {
    let shop = TestShop::start().await;
    shop.sold("KR", "payco-wallet").await;
    let documentation = file("docs/operating.md");
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for asking in ["ops/alerts.yml", "ops/dashboard.json"] {
        let text = file(asking);
        let asked: BTreeSet<&str> = text
            .split(|c: char| !is_word(c))
            .filter(|word| {
                ["_total", "_seconds", "_bucket", "_sum", "_count", "_writable", "_readable", "_run", "_length"]
                    .iter()
                    .any(|end| word.ends_with(end))
            })
            .map(|word| ["_bucket", "_sum", "_count"].iter().fold(word, |word, end| word.strip_suffix(end).unwrap_or(word)))
            .collect();
        assert!(asked.len() > 8, "{asking}: {asked:?}");
        let unknown: Vec<_> = asked.iter().filter(|name| !documentation.contains(&format!("`{name}`"))).collect();
        assert!(unknown.is_empty(), "{asking} asks for {unknown:?}");
    }
}

#[tokio::test]
async fn decisions_looks_and_the_platforms_answers_are_timed() {
    let shop = TestShop::start().await;
    let customers: Vec<_> = (0..8).map(|_| shop.customer()).collect();
    join_all(customers.iter().map(|customer| customer.puts_in_cart("flax-twine", 1))).await;
    let figures = shop.figures().await;
    for begins in [
        "decision_seconds_bucket{le=\"0.0005\"}",
        "decision_seconds_count ",
        "look_seconds_sum ",
        "decisions_total{outcome=\"durable\"}",
        "turned_away_total{queue=\"decisions\"} ",
        "platform_answer_seconds_count{door=\"gate\",answer=\"2xx\"}",
        "worker_restarts_total{worker=\"inquiries\"}",
        "queue_length{queue=\"decisions\"} ",
        "queue_length{queue=\"cases\"} 0",
        "oldest_seconds{of=\"refund\"} 0",
        "database_writable 1",
        "database_readable 1",
        "workers_that_cannot_run 0",
    ] {
        assert!(figures.lines().any(|line| line.starts_with(begins)), "{begins} in {figures}");
    }
}

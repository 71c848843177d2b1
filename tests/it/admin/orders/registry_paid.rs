//! An order that was paid twice: registry, reports and books show the same sums.

use serde_json::Value;

use crate::{
    admin::orders::registry::sums,
    kit::{Callback, Operator, Purchase, TestShop, by_hand},
};

/// An order of 3.50 EUR that both of its attempts paid; the one that does not settle it.
async fn paid_twice(shop: &TestShop) -> Purchase {
    let customer = shop.customer();
    let first = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&first, "decline").signed()).await, 200);
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "bancontact")]).await.purchase();
    for purchase in [&second, &first] {
        assert_eq!(shop.receives(Callback::sale(purchase, "success").signed()).await, 200);
    }
    assert_eq!(first.amount(), 350);
    first
}

/// Row, sums of any filter, reports and `storefront books` say: so much was taken, so much went back (minor units of EUR).
async fn all_say(shop: &TestShop, operator: &Operator, taken: i64, refunded: i64) {
    let written = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    assert_eq!(
        shop.books()["EUR"],
        [taken, refunded, 0].map(|minor| format!("{} EUR", written(minor))),
        "the journal, which agrees with the registry"
    );
    let file = operator.sees("/admin/orders/export.json").await;
    let rows: Value = serde_json::from_str(&file.body).expect("JSON");
    assert_eq!((&rows[0]["paid_minor"], &rows[0]["refunded_minor"]), (&taken.into(), &refunded.into()));
    assert_eq!((&rows[0]["state"], rows[0]["total_minor"].as_i64()), (&"paid".into(), Some(350)));
    let number = rows[0]["number"].as_str().expect("a number");
    let cells = ["1".to_owned()].into_iter().chain([350, taken, refunded, taken - refunded].map(|minor| format!("{minor:03}")));
    let expected = [("EUR".to_owned(), cells.collect::<Vec<_>>())];
    for query in ["", "state=paid", &format!("q={number}"), "currency=EUR&min=3.50&max=3.50&sort=largest", "from=2020-01-01"] {
        let page = operator.sees(&format!("/admin/orders?{query}")).await;
        assert_eq!(sums(&page), expected, "{query}");
        let (_, row) = page.body.split_once(&format!("{number}</a>")).expect("its row");
        let row = row.split("</tr>").next().unwrap_or_default();
        assert!(row.contains(&format!("€{}", written(taken))), "{query}: {row}");
    }
    let day = shop.now().strftime("%Y-%m-%d");
    let report = operator.sees(&format!("/admin/reports?from={day}&to={day}")).await;
    for (kind, minor) in [("sale", taken), ("refund", refunded), ("net", taken - refunded)] {
        let figures: Vec<_> =
            report.links("data-minor").into_iter().filter(|(address, _)| address.contains(&format!("kind={kind}&"))).collect();
        assert!(!figures.is_empty() && figures.iter().all(|(_, figure)| *figure == minor.to_string()), "{kind}: {figures:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_order_paid_twice_registry_reports_and_books_say_the_same() {
    let shop = TestShop::start_with(&[("SHOP_TIME_ZONE", "UTC")]).await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let second_payment = paid_twice(&shop).await;
    all_say(&shop, &operator, 700, 0).await;
    assert_eq!(shop.receives(Callback::refund(&second_payment, "refunded", "success", 350).signed()).await, 200);
    all_say(&shop, &operator, 700, 350).await;
    by_hand(&shop.folder, "UPDATE orders SET paid_minor = 350").expect("a change");
    let said = shop.command(&["books"], "");
    assert!(said.code == 1 && said.stdout.contains("paid 350") && said.stdout.contains("paid 700"), "{said:?}");
}

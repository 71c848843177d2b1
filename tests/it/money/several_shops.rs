//! Several shops on one database: whatever they are asked at once, and whichever is asked, they decide as one shop would. A file
//! belongs to one shop; there the same happens to that one.

use futures::future::join_all;

use crate::kit::{Callback, Customer, Page, Program, TestShop, free_port, shop_program, storefront};

/// Shops beside the first one, as processes.
fn others(shop: &TestShop) -> Vec<Program> {
    let others = if shop.settings["DATABASE_URL"].starts_with("postgres") { 2 } else { 0 };
    (0..others).map(|_| shop_program(free_port(), &shop.sandbox, &shop.folder, &[])).collect()
}

fn addresses(shop: &TestShop, others: &[Program]) -> Vec<String> {
    std::iter::once(shop.address.clone()).chain(others.iter().map(|other| other.address.clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_pieces_of_a_thing_are_sold_once_whichever_shop_is_asked() {
    let shop = TestShop::start().await;
    let others = others(&shop);
    let addresses = addresses(&shop, &others);
    let customers = join_all(addresses.iter().cycle().take(24).map(|address| async move {
        let customer = Customer::of(address);
        customer.shops_in("BE").await;
        customer.puts_in_cart("moon-jar", 1).await;
        customer
    }));
    let customers = customers.await;
    let pressed = customers.iter().map(|customer| customer.presses_pay("bancontact", "jo@example.com", "Peeters"));
    let led_on = |page: &Page| page.location().is_some_and(|to| to.contains("payment_id="));
    let sold = join_all(pressed).await.iter().filter(|page| led_on(page)).count();
    assert_eq!(sold, 3, "there are three, and 24 customers asked at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_callbacks_at_all_shops_at_once_are_one() {
    let shop = TestShop::start().await;
    let others = others(&shop);
    let addresses = addresses(&shop, &others);
    for _ in 0..8 {
        let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
        let body = Callback::sale(&purchase, "success").signed();
        let deliveries = addresses.iter().cycle().take(30).map(|address| {
            let body = body.clone().into_bytes();
            async move { Customer::of(address).sends("/callbacks", "application/json", body).await.status }
        });
        assert!(join_all(deliveries).await.into_iter().all(|status| status == 200));
        for address in &addresses {
            Customer::of(address).sees(&purchase.order_path(), "success").await;
        }
    }
    assert_eq!(shop.kept_callbacks().await.len(), 8, "each is kept once");
    assert!(shop.books()["EUR"][0].contains("28.00"), "eight times 3.50: {:?}", shop.books());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refunds_that_are_asked_for_at_once_never_give_back_more_than_was_paid() {
    let shop = TestShop::start().await;
    let others = others(&shop);
    for round in 0..4 {
        let purchase = shop.sold("BE", "bancontact").await;
        let part = (purchase.amount() * 6 / 10).to_string();
        let ask = |name: &str| {
            let sum = ["--amount", &part, "--currency", purchase.currency(), "--name", name, "--reason", "came broken"];
            storefront(&shop.folder, &shop.settings, &[&["refund", purchase.payment_id()], &sum[..]].concat(), "").code
        };
        let names: Vec<_> = (0..4).map(|number| format!("r{round}-{}", number % 3)).collect();
        let codes: Vec<_> = std::thread::scope(|threads| {
            let asked: Vec<_> = names.iter().map(|name| threads.spawn(|| ask(name))).collect();
            asked.into_iter().map(|asked| asked.join().expect("an answer")).collect()
        });
        assert!(codes.contains(&0), "one of them is made: {codes:?}");
        let refunds = shop.platform_has(purchase.payment_id()).await;
        assert_eq!(refunds.iter().filter(|operation| operation.starts_with("refund")).count(), 1, "{refunds:?}");
    }
    drop(others);
}

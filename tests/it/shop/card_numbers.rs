//! The shop never has to do with card numbers: it asks for none, and one that is sent all the same is kept and passed on nowhere.

use std::fs;

use crate::kit::{Customer, Folder, Page, Sandbox, free_port, shop_program};

/// The networks' own number for trying.
const CARD: &str = "4111111111111111";

/// Names under which browsers and programs send one.
const NAMES: [&str; 6] = ["card_number", "cardnumber", "cc-number", "pan", "card[number]", "payment_card"];

async fn sends(customer: &Customer, path: &str, fields: &[(&str, &str)]) -> Page {
    customer.posts(path, &[fields, &NAMES.map(|name| (name, CARD))].concat()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_number_is_asked_for_nowhere_and_one_that_is_sent_is_kept_nowhere() {
    for (path, method) in [("payment_page", ""), ("payment_page", "bancontact"), ("gate", "bancontact")] {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, &[]);
        let program = shop_program(free_port(), &sandbox, &folder, &[("RUST_LOG", "debug"), ("PAYMENT_PATH", path)]);
        let customer = Customer::of(&program.address);
        customer.shops_in("BE").await;
        let mut answers = vec![sends(&customer, "/cart", &[("product", "flax-twine"), ("quantity", "1")]).await];
        let form = customer.opens("/checkout").await;
        let hidden = form.inputs();
        let typed = [("payment_method", method), ("email", "maria@example.com"), ("last_name", "Peeters")];
        let kept = hidden.iter().filter(|(name, _)| matches!(name.as_str(), "cart" | "total"));
        let fields: Vec<_> = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed).collect();
        let paid = sends(&customer, "/checkout", &fields).await;
        assert_eq!(paid.status, 303, "{}", paid.body);
        let order = match path {
            "gate" => paid.location().expect("an order").trim_end_matches("/continue").to_owned(),
            _ => paid.purchase().order_path(),
        };
        let again = format!("{order}/pay");
        let asks = [form, customer.opens(&order).await, customer.opens(&again).await];
        answers.extend([paid, sends(&customer, &again, &typed).await]);
        for page in asks.iter().chain(&answers) {
            assert!(!page.body.contains("autocomplete=\"cc-"), "it asks for a card: {}", page.body);
            assert!(!format!("{page:?}").contains(CARD), "it is told again: {page:?}");
        }
        drop(program);
        assert!(folder.database_holds("maria@example.com"), "what is asked for is kept");
        assert!(!folder.database_holds(CARD), "it is kept");
        assert!(!folder.read("storefront.log").contains(CARD), "it is logged");
        for file in ["sandbox.db", "sandbox.db-wal"].map(|name| fs::read(folder.path(name)).unwrap_or_default()) {
            assert!(!file.windows(CARD.len()).any(|part| part == CARD.as_bytes()), "it is passed on");
        }
    }
}

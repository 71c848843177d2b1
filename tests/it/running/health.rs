//! Health, readiness and figures, and what happens while another program holds the database.

use std::{net::TcpListener, process::Stdio, time::Duration};

use futures::future::join4;

use crate::kit::{
    Callback, Customer, Folder, Lock, Sandbox, TestShop, free_port, settings_for, shop_program_logging_to, storefront,
};

#[tokio::test]
async fn a_healthy_shop_is_alive_ready_and_counts() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(customer.opens(path).await.status, 200, "{path}");
    }
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    shop.receives("{}").await;
    let figures = shop.figures().await;
    for outcome in ["applied", "refused"] {
        assert!(figures.contains(&format!("callbacks_total{{outcome=\"{outcome}\"}}")), "{outcome}: {figures}");
    }
}

#[tokio::test]
async fn what_is_counted_is_told_at_an_address_of_its_own_and_nothing_else_there() {
    let shop = TestShop::start().await;
    let stranger = shop.customer();
    assert_eq!(stranger.opens("/metrics").await.status, 404, "whoever may see the shop may not see this");
    let figures = format!("http://{}", shop.settings["METRICS_ADDR"]);
    let page = stranger.opens(&format!("{figures}/metrics")).await;
    assert_eq!((page.status, page.header("content-type").starts_with("text/plain")), (200, true));
    for path in ["/", "/healthz", "/admin/sign-in", "/callbacks"] {
        assert_eq!(stranger.opens(&format!("{figures}{path}")).await.status, 404, "{path}");
    }
    let silent = TestShop::start_with(&[("METRICS_ADDR", "off")]).await;
    assert_eq!(silent.customer().opens("/healthz").await.status, 200);
    assert_eq!(silent.customer().opens("/metrics").await.status, 404);
}

#[tokio::test]
async fn a_taken_address_for_figures_keeps_no_shop_from_selling_unless_it_was_asked_for() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").to_string();
    let _usual = TcpListener::bind("127.0.0.1:3002");
    let mut settings = settings_for(free_port(), &sandbox, &folder, &[]);
    settings.remove("METRICS_ADDR");
    let program = shop_program_logging_to(Stdio::null(), &folder, &settings);
    assert_eq!(Customer::of(&program.address).opens("/healthz").await.status, 200);

    let listener = TcpListener::bind(&taken).expect("the port again");
    settings.insert("SHOP_ADDR".to_owned(), format!("127.0.0.1:{}", free_port()));
    settings.insert("METRICS_ADDR".to_owned(), taken.clone());
    let said = storefront(&folder, &settings, &["serve"], "");
    assert!(said.code == 1 && said.stderr.contains(&taken), "{said:?}");
    drop(listener);
}

#[tokio::test]
async fn asking_whether_the_shop_is_ready_writes_nothing() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    assert_eq!(customer.opens("/readyz").await.status, 200);
    let before = shop.folder.written();
    for _ in 0..20 {
        shop.time_passes(Duration::from_secs(1));
        assert_eq!(customer.opens("/readyz").await.status, 200);
    }
    assert!(shop.folder.written() == before, "what anybody may ask costs no write");
}

#[tokio::test]
async fn while_the_database_cannot_be_written_nothing_is_acknowledged_and_afterwards_nothing_was_lost() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let success = Callback::sale(&purchase, "success").signed();
    let form = customer.opens("/checkout").await.inputs();
    let form: Vec<_> = form.iter().filter(|(name, _)| name == "cart" || name == "total").collect();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("payment_method", "")]).collect();

    let lock = Lock::take(&shop.folder).await;
    let callback = shop.receives(success.clone());
    let (ready, callback, checkout, cart) = join4(
        customer.opens("/readyz"),
        callback,
        customer.posts("/checkout", &form),
        customer.posts("/cart", &[("product", "flax-twine"), ("quantity", "1")]),
    )
    .await;
    assert_eq!((ready.status, callback, checkout.status, cart.status), (503, 503, 503, 503));
    assert!(checkout.header("content-type").starts_with("text/html") && !checkout.heading().is_empty(), "a page of the shop");
    assert!(!checkout.header("retry-after").is_empty(), "says when to come back");
    assert_eq!(customer.opens("/healthz").await.status, 200, "alive all the same");
    assert_eq!(shop.status_of(&purchase).await, "none", "and still readable");
    lock.release().await;

    assert_eq!(customer.opens("/readyz").await.status, 200);
    assert_eq!(shop.receives(success).await, 200, "the platform sends again");
    assert_eq!(shop.status_of(&purchase).await, "success");
    let orders = shop.orders().await;
    assert_eq!((shop.kept_callbacks().await.len(), orders.len(), shop.payments_of(&orders[0]).await), (1, 1, 1));
}

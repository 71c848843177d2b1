//! Addresses with a slash too many, addresses that are too long, and addresses of nothing.

use crate::kit::{Callback, TestShop};

#[tokio::test]
async fn a_callback_to_an_address_with_a_slash_at_its_end_is_taken_all_the_same() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let send = async |body: String| shop.customer().sends("/callbacks/", "application/json", body.into_bytes()).await.status;
    assert_eq!(send(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(send("{}".to_owned()).await, 400);
    assert_eq!(send(format!("{{\"a\":\"{}\"}}", "x".repeat(400_000))).await, 413, "no larger than there");
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_address_without_it() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let order = customer.orders("KR", "jeju-green-tea", "payco-wallet").await.order_path();
    for (address, leads_to) in [
        ("/cart/", "/cart"),
        ("/admin/", "/admin"),
        ("/admin/orders/", "/admin/orders"),
        ("/products/jeju-green-tea/", "/products/jeju-green-tea"),
        ("/healthz/", "/healthz"),
        ("/terms///", "/terms"),
        ("/checkout/?opening=popup&a=/", "/checkout?opening=popup&a=/"),
        (&format!("{order}/?status=success"), &format!("{order}?status=success")),
    ] {
        let page = customer.opens(address).await;
        assert_eq!((page.status, page.location()), (308, Some(leads_to)), "{address}");
    }
    let posted = customer.posts("/cart/", &[("product", "flax-twine"), ("quantity", "1")]).await;
    assert_eq!((posted.status, posted.location()), (308, Some("/cart")), "and what was posted is posted there");
    assert_eq!(customer.opens("/").await.status, 200);
    // Folders of files are nothing to look at, and lead nobody in a circle.
    for folder in ["/pictures", "/fonts", "/pkg"] {
        assert_eq!(customer.opens(folder).await.status, 404, "{folder}");
    }
}

#[tokio::test]
async fn no_slash_leads_to_another_host() {
    let shop = TestShop::start().await;
    for address in ["//evil.example/", "///evil.example/", "/%5Cevil.example/", "/.//evil.example/", "//", "/%2Fevil.example/"] {
        let page = shop.customer().asks(|client, shop| client.get(format!("{shop}{address}"))).await;
        let leads_to = page.location().unwrap_or("/");
        assert!(leads_to.starts_with('/') && !leads_to.starts_with("//") && !leads_to.contains('\\'), "{address}: {leads_to}");
        assert!(page.status < 500, "{address}: {}", page.status);
    }
}

#[tokio::test]
async fn what_no_file_can_be_called_is_not_found() {
    let shop = TestShop::start().await;
    let long = "a".repeat(256);
    for address in [
        format!("/{long}"),
        format!("/pkg/{long}.css"),
        format!("/{}", "%C3%A4".repeat(128)),
        format!("/{}", "a/".repeat(2500) + "a"),
        "/%00".to_owned(),
        "/pkg/%00.js".to_owned(),
        "/favicon.svg/more".to_owned(),
        "/%FF%FE".to_owned(),
        "/pkg/..%2f..%2fshop.db".to_owned(),
        format!("/orders/{long}"),
        format!("/products/{long}"),
        format!("/admin/{long}"),
    ] {
        let page = shop.customer().opens(&address).await;
        assert!(page.status == 404 || page.status == 303, "{:.40}: {}", address, page.status);
        assert_eq!(page.status == 303, address.starts_with("/admin/") && page.location().is_some(), "{address:.40}");
    }
}

//! A database server that is gone for a moment: nothing is confirmed that is not stored, and afterwards all goes on by itself.

use crate::kit::{Callback, TestShop, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a database server: `cargo xtask check postgres` brings one up and runs it"]
async fn while_the_server_is_gone_nothing_is_confirmed_and_when_it_is_back_the_shop_goes_on_by_itself() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let success = Callback::sale(&purchase, "success").signed();

    shop.folder.server_is_gone();
    let told = customer.sends("/callbacks", "application/json", success.clone().into_bytes()).await;
    assert_eq!(told.status, 503, "{}", told.body);
    assert_ne!(told.header("retry-after"), "", "the platform sends it again");
    for (address, status) in [("/healthz", 200), ("/readyz", 503), (purchase.order_path().as_str(), 503)] {
        assert_eq!(customer.opens(address).await.status, status, "{address} while the server is gone");
    }
    let cart = customer.posts("/cart", &[("product", "flax-twine"), ("quantity", "1")]).await;
    assert_eq!(cart.status, 503, "{}", cart.body);

    shop.folder.server_is_back();
    eventually("a shop that says that it is ready", async || (customer.opens("/readyz").await.status == 200).then_some(())).await;
    assert_eq!(shop.status_of(&purchase).await, "none", "nothing of what was refused is there");
    assert_eq!(shop.receives(success).await, 200, "the platform sends again");
    customer.sees(&purchase.order_path(), "success").await;
    assert_eq!(shop.kept_callbacks().await.len(), 1);
}

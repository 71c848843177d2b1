//! A disk that is full for a moment: nothing is acknowledged that is not stored, pages can be read, and afterwards all goes on.

use serde_json::json;

use crate::kit::{
    Callback, Customer, Folder, Page, Purchase, Sandbox, Settings, SmallDisk, TestShop, eventually, free_port, settings_for,
};

/// Writes after which even the log of the database is full.
const MOST: u32 = 200;

async fn tells(stranger: &Customer, callback: &Callback) -> Page {
    stranger.sends("/callbacks", "application/json", callback.signed().into_bytes()).await
}

/// A callback nearly as large as one may be, unlike any other.
fn large(purchase: &Purchase, number: u32) -> Callback {
    Callback::sale(purchase, "processing").with("/note", json!(format!("{number} {}", "x".repeat(200_000))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_the_shop_goes_on_by_itself_and_until_then_says_that_it_is_not_ready() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let database = format!("sqlite://{}", SmallDisk::place(&folder).join("shop.db").display());
    let settings = settings_for(free_port(), &sandbox, &folder, &[("DATABASE_URL", &database)]);
    let small = SmallDisk::under("storefront", &[env!("CARGO_BIN_EXE_storefront")], &folder, &settings);
    let customer = Customer::of(&small.program.address);
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(tells(&customer, &large(&purchase, 0)).await.status, 200);
    small.fill();
    let mut number = 0;
    let refused = loop {
        number += 1;
        assert!(number <= MOST, "the disk is full, and {number} callbacks of 200 kB were acknowledged");
        let page = tells(&customer, &large(&purchase, number)).await;
        if page.status != 200 {
            break page;
        }
    };
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_ne!(refused.header("retry-after"), "", "the platform sends it again");
    for (address, status) in [("/", 200), ("/healthz", 200), (purchase.order_path().as_str(), 200), ("/readyz", 503)] {
        assert_eq!(customer.opens(address).await.status, status, "{address} while the disk is full");
    }
    assert_eq!(tells(&customer, &Callback::sale(&purchase, "success")).await.status, 503, "not kept, not confirmed");
    let cart = customer.posts("/cart", &[("product", "flax-twine"), ("quantity", "1")]).await;
    assert_eq!(cart.status, 503, "{}", cart.body);

    small.has_room_again();
    eventually("a shop that says that it is ready", async || (customer.opens("/readyz").await.status == 200).then_some(())).await;
    let again = tells(&customer, &Callback::sale(&purchase, "success")).await;
    assert_eq!(again.status, 200, "it says that it is ready, and a callback is answered: {}", again.body);
    customer.sees(&purchase.order_path(), "success").await;
    let another = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(tells(&customer, &Callback::sale(&another, "success")).await.status, 200);
}

/// Confirms a payment on the sandbox's Payment Page, or tries to.
async fn confirms(customer: &Customer, purchase: &Purchase) -> u16 {
    let page = customer.opens(&purchase.address).await;
    let form = page.inputs();
    let form: Vec<_> =
        form.iter().filter(|(name, _)| name != "_method").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let confirm = purchase.address.replace("/payment?", "/payment/confirm?");
    customer.posts(confirm.split('?').next().expect("an address"), &form).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_the_sandbox_goes_on_by_itself() {
    let folder = Folder::new();
    let data = SmallDisk::place(&folder).join("sandbox.db").display().to_string();
    let command = [env!("CARGO_BIN_EXE_sandbox"), "--port", "0", "--data", &data];
    let small = SmallDisk::under("sandbox", &command, &folder, &Settings::new());
    // Nobody answers callbacks: only the sandbox is looked at.
    let shop = TestShop::start_with(&[("PAYMENT_PAGE_URL", &small.program.address)]).await;
    let buys = async || {
        let customer = shop.customer();
        let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
        confirms(&customer, &purchase).await
    };
    assert_eq!(buys().await, 303);
    small.fill();
    let mut tries = 0;
    while buys().await == 303 {
        tries += 1;
        assert!(tries <= MOST, "the disk is full, and {tries} payments were taken on");
    }
    // Every connection to the data file meets it.
    for _ in 0..20 {
        assert_eq!(buys().await, 503, "while the disk is full");
    }
    small.has_room_again();
    for number in 1..=8 {
        assert_eq!(buys().await, 303, "payment {number} after there is room again");
    }
}

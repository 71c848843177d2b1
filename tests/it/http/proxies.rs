//! The customer's address behind trusted proxies, and behind others.

use crate::kit::{Customer, Folder, Page, Sandbox, Settings, TestShop, eventually, free_port, shop_program, storefront};

/// Orders through a proxy that says this.
async fn orders_by(shop: &TestShop, forwarded_for: &str) -> String {
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let form = customer.opens("/checkout").await.inputs();
    let form = form.iter().filter(|(name, _)| name == "cart" || name == "total");
    let form: Vec<_> =
        form.map(|(name, value)| (name.as_str(), value.as_str())).chain([("payment_method", "payco-wallet")]).collect();
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let paid: Page = customer
        .asks(|client, shop| {
            let request = client.post(format!("{shop}/checkout")).header("content-type", "application/x-www-form-urlencoded");
            request.header("x-forwarded-for", forwarded_for).body(body)
        })
        .await;
    assert_eq!(paid.status, 303, "{}", paid.body);
    shop.fact(paid.purchase().order_number(), "Internet address").await
}

#[tokio::test]
async fn trusted_proxies_may_be_whole_networks_and_tell_ports() {
    let shop = TestShop::start_with(&[("TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.0/8,2001:db8:1::/48, 192.0.2.7")]).await;
    for (forwarded, seen) in [
        ("198.51.100.1", "198.51.100.1"),
        ("203.0.113.7:51008", "203.0.113.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("\"[2001:db8::1]:443\"", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 198.51.100.1, 10.7.0.2:80, [2001:db8:1:7::1]:9", "198.51.100.1"),
        ("1.1.1.1, 192.0.2.7", "1.1.1.1"),
        ("1.1.1.1, 192.0.2.8", "192.0.2.8"),
        ("unknown", "127.0.0.1"),
        ("198.51.100.1, _hidden", "127.0.0.1"),
    ] {
        assert_eq!(orders_by(&shop, forwarded).await, seen, "{forwarded}");
    }
}

#[tokio::test]
async fn what_a_stranger_says_of_itself_is_not_believed() {
    let shop = TestShop::start_with(&[("TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    assert_eq!(orders_by(&shop, "203.0.113.7").await, "127.0.0.1");
}

#[test]
fn what_is_no_address_and_no_network_is_named() {
    for wrong in ["10.0.0.0/33", "10.0.0/8", "proxy.example", "10.0.0.1/", "2001:db8::/129"] {
        let settings: Settings = [("TRUSTED_PROXIES".to_owned(), format!("127.0.0.1,{wrong}"))].into();
        let said = storefront(&Folder::new(), &settings, &["cases"], "");
        assert!(said.code == 1 && said.stderr.contains("TRUSTED_PROXIES") && said.stderr.contains(wrong), "{said:?}");
    }
}

/// The line of `storefront doctor` about proxies.
fn of_proxies(shop: &TestShop, changed: &[(&str, &str)]) -> String {
    let mut settings = shop.settings.clone();
    settings.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let said = storefront(&shop.folder, &settings, &["doctor"], "");
    said.stdout.lines().filter(|line| line.contains("proxies: ")).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_tells_of_an_https_shop_without_a_trusted_proxy() {
    let shop = TestShop::start().await;
    assert!(of_proxies(&shop, &[("PUBLIC_URL", "https://shop.example")]).starts_with("warn"), "nobody ends HTTPS here but a proxy");
    let trusted = [("PUBLIC_URL", "https://shop.example"), ("TRUSTED_PROXIES", "203.0.113.0/24")];
    assert!(!of_proxies(&shop, &trusted).contains("no proxy is trusted"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_tells_what_the_running_shop_could_not_read_and_whom_it_does_not_trust() {
    let shop = TestShop::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    orders_by(&shop, "unknown").await;
    let told = of_proxies(&shop, &[]);
    assert!(told.starts_with("warn") && told.contains("X-Forwarded-For") && told.contains("cannot be read"), "{told}");
    let shop = TestShop::start().await;
    orders_by(&shop, "203.0.113.7").await;
    let told = of_proxies(&shop, &[]);
    assert!(told.starts_with("warn") && told.contains("not trusted"), "{told}");
}

#[tokio::test]
async fn the_log_tells_once_of_a_proxy_that_is_not_trusted() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let changed = [("PUBLIC_URL", "https://shop.example")];
    let program = shop_program(free_port(), &sandbox, &folder, &changed);
    let customer = Customer::of(&program.address);
    for _ in 0..3 {
        let sent = customer.asks(|client, shop| {
            let request = client.post(format!("{shop}/cart")).header("x-forwarded-for", "203.0.113.7");
            request.header("content-type", "application/x-www-form-urlencoded").body("product=flax-twine&quantity=1")
        });
        assert_eq!(sent.await.status, 303);
    }
    let told = |what: &str| folder.read("storefront.log").lines().filter(|line| line.contains(what)).count();
    eventually("the log", async || (told("X-Forwarded-For") > 0 && told("no proxy is trusted") > 0).then_some(())).await;
    assert_eq!((told("X-Forwarded-For comes"), told("no proxy is trusted")), (1, 1), "{}", folder.read("storefront.log"));
}

#[tokio::test]
async fn the_log_tells_once_of_a_trusted_proxy_that_cannot_be_read() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let program = shop_program(free_port(), &sandbox, &folder, &[("TRUSTED_PROXIES", "127.0.0.1")]);
    let customer = Customer::of(&program.address);
    for said in ["unknown", "_hidden", "203.0.113.7:x"] {
        let sent = customer.asks(|client, shop| {
            let request = client.post(format!("{shop}/cart")).header("x-forwarded-for", said);
            request.header("content-type", "application/x-www-form-urlencoded").body("product=flax-twine&quantity=1")
        });
        assert_eq!(sent.await.status, 303);
    }
    let told = || folder.read("storefront.log").lines().filter(|line| line.contains("X-Forwarded-For")).count();
    eventually("the log", async || (told() > 0).then_some(())).await;
    assert_eq!(told(), 1, "{}", folder.read("storefront.log"));
    assert!(!folder.read("storefront.log").contains("_hidden"), "anybody may have written it");
}

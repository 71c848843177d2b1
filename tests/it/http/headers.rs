//! What browsers are told with every answer, errors included.

use std::collections::HashSet;

use reqwest::Method;

use crate::kit::{Customer, Page, TestShop};

/// Every kind of answer the shop gives, by a name.
async fn every_answer(shop: &TestShop) -> Vec<(String, Page)> {
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let order = purchase.order_path();
    let mut answers = Vec::new();
    for path in
        ["/", "/?market=KR&lang=ko", "/products/flax-twine", "/terms", "/cart", "/checkout", &order, &format!("{order}/pay")]
            .into_iter()
            .chain([
                "/healthz",
                "/readyz",
                "/metrics",
                "/favicon.svg",
                "/callbacks",
                "/nowhere",
                "/products/unknown",
                "/orders/unknown",
                "/admin",
                "/admin/sign-in",
                "/admin/sign-in/code",
                "/admin/nowhere",
                "/pkg/none.js",
            ])
    {
        answers.push((format!("GET {path}"), customer.opens(path).await));
    }
    for (path, fields) in [
        ("/cart", &[("product", "flax-twine"), ("quantity", "1")][..]),
        ("/cart", &[("product", "flax-twine"), ("quantity", "0")]),
        ("/cart", &[("product", "unknown")]),
        ("/cart", &[("product", &"x".repeat(50_000))]),
        ("/checkout", &[("payment_method", "cash")]),
        ("/checkout", &[("payment_method", "")]),
        ("/callbacks", &[("a", "b")]),
        (&order, &[]),
        ("/terms", &[]),
    ] {
        answers.push((format!("POST {path}"), customer.posts(path, fields).await));
    }
    for method in [Method::DELETE, Method::PUT, Method::OPTIONS] {
        let asked = customer.asks(|client, shop| client.request(method.clone(), format!("{shop}/cart")));
        answers.push((format!("{method} /cart"), asked.await));
    }
    let foreign = customer.asks(|client, shop| client.post(format!("{shop}/cart")).header("origin", "https://evil.example"));
    answers.push(("POST /cart from another site".to_owned(), foreign.await));
    answers
}

fn is_orders_page(name: &str) -> bool {
    name.split_once("/orders/").is_some_and(|(_, token)| token.len() > 20 && !token.contains('/'))
}

#[tokio::test]
async fn every_answer_forbids_what_the_shop_does_not_need() {
    let shop = TestShop::start().await;
    for (name, page) in every_answer(&shop).await {
        assert!(page.status < 500, "{name}: {}", page.status);
        let policy = page.header("content-security-policy");
        // The order's page alone may be framed: `embedding.rs` says by whom.
        let framing = if is_orders_page(&name) { "frame-ancestors 'self' http://" } else { "frame-ancestors 'none'" };
        for needed in ["default-src 'none'", framing] {
            assert!(policy.contains(needed), "{name}: {policy}");
        }
        for banned in ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:", "http: ", "https: "] {
            assert!(!policy.contains(banned), "{name}: {banned} in {policy}");
        }
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
        assert!(["same-origin", "no-referrer"].contains(&page.header("referrer-policy")), "{name}");
        assert!(!page.header("permissions-policy").is_empty(), "{name}");
        assert_eq!(page.header("strict-transport-security"), "", "{name}: not over plain http");
        assert_eq!(page.header("server"), "", "{name}");
        assert!(!page.header("x-request-id").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn scripts_run_only_with_a_nonce_and_stand_only_where_a_page_acts() {
    let shop = TestShop::start().await;
    let mut nonces = HashSet::new();
    let mut with_scripts = Vec::new();
    let answers: Vec<_> = every_answer(&shop).await.into_iter().chain(every_answer(&shop).await).collect();
    for (name, page) in answers {
        let policy = page.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map(|(nonce, _)| nonce.to_owned());
        let tags: Vec<&str> = page.body.split("<script").skip(1).filter_map(|rest| rest.split('>').next()).collect();
        if page.header("content-type").starts_with("text/html") {
            for inline in [" style=\"", "<style", " onclick=", " onload=", "javascript:"] {
                assert!(!page.body.contains(inline), "{name}: {inline}");
            }
        }
        let Some(nonce) = nonce else {
            assert!(tags.is_empty() && !policy.contains("script-src"), "{name}: {policy} {tags:?}");
            continue;
        };
        assert!(!tags.is_empty(), "{name}: a nonce and no script");
        assert!(tags.iter().all(|tag| tag.contains(&format!("nonce=\"{nonce}\""))), "{name}: {tags:?}");
        assert!(nonce.len() >= 16, "{name}: {nonce}");
        assert!(nonces.insert(nonce), "{name}: a nonce is used once");
        with_scripts.push(name);
    }
    assert!(with_scripts.contains(&"GET /checkout".to_owned()), "{with_scripts:?}");
    for name in ["GET /", "GET /products/flax-twine", "GET /terms", "GET /nowhere"] {
        assert!(!with_scripts.contains(&name.to_owned()), "{name} acts by itself?");
    }
}

/// How each script begins that stands in the page itself, and what it does.
const WRITTEN_INTO_PAGES: [(&str, &str); 2] = [
    ("((root, pkg_path, output_name, wasm_output_name)", "fetches and starts the islands"),
    ("addEventListener('pageshow'", "notices that the browser shows the page again"),
];

#[tokio::test]
async fn every_script_of_a_page_where_one_pays_is_a_file_of_the_shops_own_or_written_by_it() {
    for opening in ["redirect", "iframe", "popup"] {
        let shop = TestShop::start_with(&[("PAYMENT_PAGE_OPENING", opening)]).await;
        let mut inline = HashSet::new();
        for customer in [shop.customer(), shop.customer()] {
            let order = customer.orders("BE", "flax-twine", "bancontact").await.order_path();
            put_in_cart(&customer).await;
            for path in ["/cart", "/checkout", &order, &format!("{order}/pay")] {
                for script in scripts(&customer.opens(path).await) {
                    match script.split_once("src=\"").and_then(|(_, rest)| rest.split_once('"')) {
                        Some((file, _)) => assert!(file.starts_with("/pkg/"), "{opening} {path}: {file}"),
                        None => _ = inline.insert(script),
                    }
                }
            }
        }
        assert_eq!(inline.len(), WRITTEN_INTO_PAGES.len(), "{opening}: the same for everybody: {inline:#?}");
        for (begins, what) in WRITTEN_INTO_PAGES {
            assert!(inline.iter().any(|script| script.contains(&format!(">{begins}"))), "{opening}: {what}: {inline:#?}");
        }
    }
}

/// What stands between each script's `<script` and its end, without what differs each time.
fn scripts(page: &Page) -> Vec<String> {
    let all = page.body.split("<script").skip(1).filter_map(|rest| rest.split_once("</script>"));
    let without_nonce = |script: &str| match script.split_once("nonce=\"") {
        Some((before, rest)) => format!("{before}{}", rest.split_once('"').map_or("", |(_, after)| after)),
        None => script.to_owned(),
    };
    all.map(|(script, _)| without_nonce(script)).collect()
}

#[tokio::test]
async fn forms_may_lead_to_the_payment_page_and_nowhere_else() {
    let shop = TestShop::start().await;
    for (name, page) in every_answer(&shop).await.into_iter().filter(|(_, page)| page.body.starts_with("<!DOCTYPE")) {
        let policy = page.header("content-security-policy");
        let targets = policy.split(';').find_map(|part| part.trim().strip_prefix("form-action ")).unwrap_or_default();
        let leads_out = page.body.contains("action=\"/checkout\" method=\"post\"") || page.body.contains("/pay\" method=\"post\"");
        let expected = if leads_out { format!("'self' {}", shop.sandbox.address) } else { "'self'".to_owned() };
        let also_right = !leads_out && targets == format!("'self' {}", shop.sandbox.address);
        assert!(targets == expected || also_right, "{name}: {policy}");
    }
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    for (public_url, https) in [(None, false), (Some("https://shop.example"), true)] {
        let settings: Vec<_> = public_url.map(|url| ("PUBLIC_URL", url)).into_iter().collect();
        let shop = TestShop::start_with(&settings).await;
        let customer = shop.customer();
        let cookies = [cookies_of(&customer.opens("/?market=KR&lang=ko").await), put_in_cart(&customer).await].concat();
        assert_eq!(cookies.len(), 3, "{cookies:?}");
        for cookie in cookies {
            for needed in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(cookie.split("; ").any(|part| part == needed), "{needed}: {cookie}");
            }
            assert_eq!(cookie.starts_with("__Host-"), https, "{cookie}");
            assert_eq!(cookie.split("; ").any(|part| part == "Secure"), https, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn over_https_every_answer_keeps_browsers_there() {
    let shop = TestShop::start_with(&[("PUBLIC_URL", "https://shop.example")]).await;
    for (name, page) in every_answer(&shop).await {
        assert!(page.header("strict-transport-security").starts_with("max-age=31536000"), "{name}");
        let location = page.location().unwrap_or_default().to_owned();
        assert!(!location.contains("127.0.0.1"), "{name}: {location}");
    }
}

#[tokio::test]
async fn a_page_that_shows_what_was_typed_is_kept_nowhere() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let order = customer.orders("BE", "flax-twine", "bancontact").await.order_path();
    put_in_cart(&customer).await;
    let typed = [("payment_method", "bancontact"), ("email", "no address"), ("last_name", "Peeters"), ("phone", "+32470123456")];
    for path in ["/checkout", &format!("{order}/pay"), "/cart"] {
        let page = match path {
            "/cart" => customer.posts(path, &[("product", "flax-twine"), ("quantity", "many")]).await,
            path => customer.posts(path, &typed).await,
        };
        assert_eq!((page.status, page.header("cache-control")), (422, "no-store"), "{path}");
    }
    assert_eq!(customer.opens("/checkout").await.header("cache-control"), "private, no-cache", "what nobody typed may come back");
}

async fn put_in_cart(customer: &Customer) -> Vec<String> {
    cookies_of(&customer.posts("/cart", &[("product", "flax-twine"), ("quantity", "1")]).await)
}

fn cookies_of(page: &Page) -> Vec<String> {
    page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text").to_owned()).collect()
}

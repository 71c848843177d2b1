//! Hostile requests: the answer is a clear 4xx or a page; nothing breaks, nothing moves.

use crate::kit::{Callback, Page, TestShop, signed};
use storefront::protocol::sandbox::PROJECT_SECRET;

#[tokio::test]
async fn a_body_that_is_no_callback_is_refused_and_changes_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let good = Callback::sale(&purchase, "success").signed();
    let within = |member: &str| good.replacen('{', &format!("{{{member},"), 1).into_bytes();
    let deep = |levels: usize| format!("{}{}{}", "{\"a\":".repeat(levels), "1", "}".repeat(levels));
    let mut not_utf8 = within("\"note\":\"?\"");
    let at = not_utf8.iter().position(|byte| *byte == b'?').expect("a mark");
    not_utf8[at] = 0xff;
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, body, status) in [
        ("empty", Vec::new(), 400),
        ("white space", b" \n".to_vec(), 400),
        ("not JSON", b"payment_id=1&status=success".to_vec(), 400),
        ("half of it", good.as_bytes()[..good.len() / 2].to_vec(), 400),
        ("twice", format!("{good}{good}").into_bytes(), 400),
        ("something after it", format!("{good}x").into_bytes(), 400),
        ("a list", format!("[{good}]").into_bytes(), 400),
        ("a text", b"\"callback\"".to_vec(), 400),
        ("null", b"null".to_vec(), 400),
        ("no members", b"{}".to_vec(), 400),
        ("a member twice", within("\"project_id\":3000"), 400),
        ("a member twice, spelled otherwise", within("\"project\\u005fid\":3000"), 400),
        ("200 levels", signed_if_possible(&deep(200)), 400),
        ("100,000 levels", vec![b'['; 100_000], 400),
        ("100,000 levels of objects", "{\"a\":".repeat(50_000).into_bytes(), 400),
        ("a byte-order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat(), 400),
        ("UTF-16", utf16, 400),
        ("bytes that are no UTF-8", not_utf8, 400),
        ("half a surrogate pair", within("\"note\":\"\\ud800\""), 400),
        ("a raw control character", within("\"note\":\"\u{1}\""), 400),
        ("1e400", within("\"note\":1e400"), 400),
        ("NaN", within("\"note\":NaN"), 400),
        ("a number no computer holds", within(&format!("\"note\":{}", "9".repeat(5_000))), 400),
        ("300 kB", within(&format!("\"note\":\"{}\"", "a".repeat(300_000))), 413),
        ("300 kB of nothing", vec![b' '; 300_000], 413),
    ] {
        assert_eq!(shop.receives(body).await, status, "{name}");
    }
    assert_eq!(shop.status_of(&purchase).await, "none");
    assert!(shop.kept_callbacks().await.is_empty());
    assert_eq!(shop.receives(good).await, 200, "the good one");
}

fn signed_if_possible(object: &str) -> Vec<u8> {
    object.replacen('{', "{\"signature\":\"AAAA\",", 1).into_bytes()
}

#[tokio::test]
async fn a_signed_oddity_is_kept_or_refused_but_never_breaks_the_shop() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let plain = Callback::sale(&purchase, "success").0.to_string();
    let with = |member: &str| signed(&plain.replacen('{', &format!("{{{member},"), 1), PROJECT_SECRET);
    let odd = |pointer: &str, value: serde_json::Value| Callback::sale(&purchase, "success").with(pointer, value).signed();
    for (name, body, status) in [
        ("a long value", with(&format!("\"note\":\"{}\"", "é".repeat(60_000))), 200),
        ("a null character", with("\"note\":\"\\u0000\""), 200),
        ("many members", with(&(0..900).map(|n| format!("\"m{n}\":{n}")).collect::<Vec<_>>().join(",")), 200),
        ("a long list", with(&format!("\"list\":[{}]", vec!["1"; 900].join(","))), 200),
        ("a payment without id", odd("/payment/id", serde_json::json!(null)), 200),
        ("an empty id", odd("/payment/id", serde_json::json!("")), 200),
        ("an id that is a list", odd("/payment/id", serde_json::json!([1])), 200),
        ("an id with a null character", odd("/payment/id", serde_json::json!("a\u{0}b")), 200),
        ("an enormous id", odd("/payment/id", serde_json::json!("x".repeat(100_000))), 200),
        ("a status that is a number", odd("/payment/status", serde_json::json!(1)), 200),
        ("no payment", odd("/payment", serde_json::json!("success")), 200),
        ("a date of another kind", odd("/operation/date", serde_json::json!("yesterday")), 200),
    ] {
        assert_eq!(shop.receives(body).await, status, "{name}");
    }
    assert_eq!(shop.customer().opens("/readyz").await.status, 200);
    assert_eq!(shop.command(&["cases"], "").code, 0);
}

#[tokio::test]
async fn hostile_forms_and_addresses_get_a_page_of_the_shop_with_a_4xx() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.puts_in_cart("flax-twine", 1).await;
    let long = "x".repeat(5_000);
    for quantity in ["0", "-1", "21", "99999999999999999999", "1.5", "1e3", "", "٣", "1;2", "NaN", "0x10", &long] {
        let page = customer.posts("/cart", &[("product", "flax-twine"), ("quantity", quantity)]).await;
        assert_refused(&page, &format!("quantity {quantity:.20}"));
    }
    for product in ["", "unknown", "../flax-twine", "flax-twine'--", "<script>", "\u{0}", "\u{202e}", "😀", &long] {
        assert_refused(
            &customer.posts("/cart", &[("product", product), ("quantity", "1")]).await,
            &format!("product {product:.20}"),
        );
    }
    let big = vec![b'a'; 100_000];
    for (content_type, body) in [
        ("application/json", b"{\"product\":\"flax-twine\",\"quantity\":\"1\"}".to_vec()),
        ("text/plain", b"product=flax-twine&quantity=1".to_vec()),
        ("", Vec::new()),
        ("application/x-www-form-urlencoded", b"product=%ff%fe&quantity=%zz".to_vec()),
        ("application/x-www-form-urlencoded", b"product=flax-twine&product=x&quantity=1".to_vec()),
        ("application/x-www-form-urlencoded", big.clone()),
        ("multipart/form-data; boundary=x", b"--x--".to_vec()),
    ] {
        for path in ["/cart", "/cart/lines", "/checkout"] {
            let page = customer.sends(path, content_type, body.clone()).await;
            assert!(page.status < 500, "{path} {content_type} {page:?}");
            if path == "/cart" {
                assert_refused(&page, &format!("{path} {content_type}"));
            }
        }
    }
    for path in [
        "/nowhere",
        "/products/unknown",
        "/products/%00",
        "/?category=unknown",
        "/orders/x",
        "/pkg/../../Cargo.toml",
        "/%2e%2e/Cargo.toml",
    ] {
        assert_refused(&customer.opens(path).await, path);
    }
    assert_eq!(customer.opens("/cart").await.status, 200, "and the cart is still there");
    assert!(customer.opens("/cart").await.body.contains("flax-twine"));
}

#[tokio::test]
async fn what_is_typed_comes_back_as_text_never_as_markup() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.puts_in_cart("flax-twine", 1).await;
    let attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";
    let long = "<b>".repeat(200);
    for typed in [attack, &long, "{{7*7}}", "\u{202e}evil", "😀;"] {
        let page = customer.presses_pay("bancontact", typed, typed).await;
        assert_eq!(page.status, 422);
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img src=x") && !page.body.contains("<b><b>"),
            "{typed}"
        );
        assert!(page.inputs().contains(&("email".to_owned(), typed.to_owned())), "{typed} is not lost");
    }
    let found =
        customer.opens(&format!("/?q={}", url::form_urlencoded::byte_serialize(attack.as_bytes()).collect::<String>())).await;
    assert!(found.status == 200 && !found.body.contains("<script>alert") && !found.body.contains("<img src=x"));
}

#[tokio::test]
async fn strange_queries_cookies_and_headers_are_no_reason_to_break() {
    let shop = TestShop::start().await;
    for query in
        ["market=XX", "market=", "lang=tlh", "lang=%00", "q=%ff", "q=%", "category=&category=", "&&&=", &"a=b&".repeat(2_000)]
    {
        assert!(shop.customer().opens(&format!("/?{query}")).await.status < 500, "{query:.40}");
    }
    let long = "x".repeat(4_000);
    for (name, value) in [
        ("cookie", "cart=../../etc/passwd; market=<script>; lang='; DROP TABLE carts"),
        ("cookie", "cart=AAAAAAAAAAAAAAAAAAAAAA; cart=BBBBBBBBBBBBBBBBBBBBBB"),
        ("cookie", "====;;;;"),
        ("cookie", &long),
        ("accept-language", "*;q=x,ko;q=9,\u{fffd}"),
        ("accept-language", &long),
        ("x-request-id", "<script>"),
        ("accept-encoding", "br;q=x, nonsense"),
        ("if-none-match", "\"\\\""),
        ("range", "bytes=9999999-1"),
    ] {
        for path in ["/", "/cart", "/checkout", "/orders/AAAAAAAAAAAAAAAAAAAAAA", "/favicon.svg", "/healthz"] {
            let asked = shop.customer().asks(|client, shop| client.get(format!("{shop}{path}")).header(name, value)).await;
            assert!(asked.status < 500, "{path} {name}: {value:.40}");
        }
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.puts_in_cart("flax-twine", 1).await;
    for path in ["/cart", "/cart/lines", "/checkout"] {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            let sent = customer.asks(|client, shop| {
                let request = client.post(format!("{shop}{path}")).header("content-type", "application/x-www-form-urlencoded");
                headers
                    .iter()
                    .fold(request, |request, (name, value)| request.header(*name, *value))
                    .body("product=flax-twine&quantity=2")
            });
            assert_eq!(sent.await.status, 403, "{path} {headers:?}");
        }
    }
    let cart = customer.opens("/cart").await;
    assert!(cart.body.contains("€3.50") && !cart.body.contains("€7.00"), "one, as before");
}

fn assert_refused(page: &Page, what: &str) {
    assert!((400..500).contains(&page.status), "{what}: {}", page.status);
    assert!(page.body.contains("Three Harbours") && !page.heading().is_empty(), "{what}: a page in the shop's own look");
}

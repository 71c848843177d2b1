//! Whatever is sent, a line of the log is one JSON object that the shop wrote, and nothing in it moves a terminal.

use serde_json::{Value, json};

use crate::kit::{Callback, Customer, Folder, Sandbox, free_port, shop_program};

const FORGED: &str = "forged-by-somebody";

/// What would end a line, begin another one, or take over the terminal of whoever reads the log.
fn hostile() -> Vec<String> {
    let line = format!("{{\"level\":\"INFO\",\"fields\":{{\"message\":\"{FORGED}\"}}}}");
    vec![
        format!("a\r\n{line}"),
        format!("a\n{line}\n"),
        format!("a\r{line}"),
        format!("a\u{85}{line}"),
        format!("a\u{2028}{line}\u{2029}"),
        format!("\"}}}}\n{line}"),
        format!("\u{1b}[2J\u{1b}]0;{FORGED}\u{7}"),
        format!("a\u{0}b\u{8}\u{7f}{FORGED}"),
        format!("\u{9b}2J\u{9d}0;{FORGED}\u{9c}"),
        format!("\u{202e}{FORGED}\u{2066}"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_sent_a_line_of_the_log_is_one_json_object_of_the_shops_own() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let program = shop_program(free_port(), &sandbox, &folder, &[("RUST_LOG", "debug")]);
    let customer = Customer::of(&program.address);
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    for text in hostile() {
        let written: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let written = written.replace('+', "%20");
        for address in
            [format!("/{written}"), format!("/products/{written}"), format!("/orders/{written}"), format!("/?q={written}")]
        {
            assert!(customer.opens(&address).await.status < 500, "{address}");
        }
        for path in ["/cart", "/checkout", "/admin/sign-in", &format!("{}/pay", purchase.order_path())] {
            let fields = ["product", "email", "last_name", "password", "payment_method", "next"].map(|name| (name, text.as_str()));
            assert!(customer.posts(path, &fields).await.status < 500, "{path}");
        }
        let sale = Callback::sale(&purchase, "processing");
        for member in
            ["/payment/id", "/payment/status", "/payment/method", "/operation/type", "/operation/request_id", "/operation/code"]
        {
            let told = sale.clone().with(member, json!(text));
            assert_eq!(customer.sends("/callbacks", "application/json", told.signed().into_bytes()).await.status, 200, "{member}");
        }
        let unsigned = sale.with("/payment/id", json!(text)).with("/signature", json!(text));
        for body in [unsigned.0.to_string(), text.clone()] {
            assert_eq!(customer.sends("/callbacks", "application/json", body.into_bytes()).await.status, 400);
        }
        // A header holds no end of a line; tabs, quotes and what a terminal obeys it may hold.
        let header: String = text.chars().filter(|letter| letter.is_ascii() && !letter.is_ascii_control()).collect();
        for name in ["user-agent", "referer", "x-request-id", "x-forwarded-for", "cookie", "traceparent"] {
            let asked = customer.asks(|client, shop| client.get(format!("{shop}/")).header(name, format!("a\t{header}")));
            assert!(asked.await.status < 500, "{name}");
        }
    }
    drop(program);
    let log = folder.read("storefront.log");
    assert!(log.lines().count() > 100, "a log there is: {log}");
    for line in log.split('\n').filter(|line| !line.is_empty()) {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert!(read["timestamp"].is_string() && read["target"].is_string(), "the shop writes both: {line}");
        assert_ne!(read["fields"]["message"], FORGED, "{line}");
        let obeyed = line.chars().find(|letter| letter.is_control() || "\u{2028}\u{2029}\u{202e}\u{2066}".contains(*letter));
        assert_eq!(obeyed, None, "{line:?}");
    }
}

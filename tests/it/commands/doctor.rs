//! `storefront doctor`: a line for each check, and its exit code.

use crate::kit::{TestShop, free_port, storefront};

#[tokio::test]
async fn doctor_has_a_line_for_each_check_and_fails_if_one_fails() {
    let shop = TestShop::start().await;
    let said = shop.command(&["doctor"], "");
    assert_eq!(said.code, 0, "{said:?}");
    for check in ["settings", "database", "key", "callback address", "platform", "clock"] {
        assert!(said.stdout.lines().any(|line| line.starts_with("ok ") && line.contains(check)), "{check}: {said:?}");
    }
    let mut broken = shop.settings.clone();
    broken.insert("PAYMENT_PAGE_URL".to_owned(), format!("http://127.0.0.1:{}", free_port()));
    let said = storefront(&shop.folder, &broken, &["doctor"], "");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.lines().any(|line| line.starts_with("FAIL") && line.contains("platform")), "{said:?}");
    assert!(
        said.stdout.lines().any(|line| line.starts_with("ok ") && line.contains("database")),
        "the others are told all the same"
    );
}

//! Known devices: on one that signed in before, an operator does not wait for the failures of others.

use std::time::Duration;

use crate::kit::{
    Customer, Operator, PASSWORD, TestShop,
    people::{code_of, sets_up_second_factor},
};

async fn enters(browser: &Customer, email: &str, password: &str) -> u16 {
    browser.posts("/admin/sign-in", &[("email", email), ("password", password)]).await.status
}

/// Tries as one address behind the shop's proxy.
async fn guesses(shop: &TestShop, address: &str, email: &str, times: usize) -> Vec<u16> {
    let stranger = Customer::from_address(&shop.address, address);
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(enters(&stranger, email, "a guess").await);
    }
    statuses
}

#[tokio::test]
async fn whoever_waits_is_told_how_long_and_waits_longer_each_time() {
    let shop = TestShop::start().await;
    let stranger = shop.customer();
    let guess = async || stranger.posts("/admin/sign-in", &[("email", "nobody@shop.example"), ("password", "a guess")]).await;
    for _ in 0..10 {
        assert_eq!(guess().await.status, 422);
    }
    let mut pauses = Vec::new();
    for _ in 0..6 {
        let page = guess().await;
        assert_eq!(page.status, 429);
        let pause: u64 = page.header("retry-after").parse().expect("seconds");
        let words = if pause < 60 { format!("in {pause} seconds") } else { format!("in {} minute", pause / 60) };
        assert!(page.body.contains(&words), "{words}: {}", page.body);
        shop.time_passes(Duration::from_secs(pause - 1));
        assert_eq!(guess().await.status, 429, "asking does not shorten it");
        shop.time_passes(Duration::from_secs(1));
        assert_eq!(guess().await.status, 422, "and does not lengthen it");
        pauses.push(pause);
    }
    assert_eq!(pauses, [30, 60, 120, 240, 300, 300]);
}

#[tokio::test]
async fn guesses_from_one_address_slow_down_no_other() {
    let shop = TestShop::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let operator = Operator::signs_in(&shop, "finance").await;
    for (from, to) in [("203.0.113.7", operator.email.as_str()), ("203.0.113.7", "other@shop.example")] {
        guesses(&shop, from, to, 40).await;
    }
    let elsewhere = Customer::from_address(&shop.address, "198.51.100.1");
    assert_eq!(enters(&elsewhere, &operator.email, PASSWORD).await, 303);
}

#[tokio::test]
async fn a_known_device_that_guesses_is_slowed_down_by_its_own_failures() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    operator.posts("/admin/sign-out", &[]).await;
    let tries = async |password: &str| {
        operator.posts("/admin/sign-in", &[("email", operator.email.as_str()), ("password", password)]).await.status
    };
    for _ in 0..10 {
        assert_eq!(tries("a guess").await, 422);
    }
    assert_eq!(tries(PASSWORD).await, 429);
    assert_eq!(enters(&shop.customer(), &operator.email, PASSWORD).await, 303, "elsewhere nothing was tried");
}

#[tokio::test]
async fn a_device_is_known_until_the_password_changes_or_all_are_signed_out() {
    const NEW: &str = "another lantern over other stones";
    let shop = TestShop::start().await;
    let (here, there) = (Operator::signs_in(&shop, "finance").await, Operator::signs_in(&shop, "finance").await);
    let is_known = async |device: &Operator, password: &str| {
        guesses(&shop, "127.0.0.1", &device.email, 12).await;
        let fields = [("email", device.email.as_str()), ("password", password)];
        let status = device.posts("/admin/sign-in", &fields).await.status;
        shop.time_passes(Duration::from_secs(2 * 60 * 60));
        status == 303
    };
    assert!(is_known(&there, PASSWORD).await);
    assert_eq!(here.enters_password("").await.status, 303);
    let changed = here.confirms("/admin/account/password", &[("new_password", NEW)]).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert!(!is_known(&there, NEW).await, "somebody else may sit there");
    assert!(is_known(&here, NEW).await, "the password was changed here");
    let fields = [("email", here.email.as_str()), ("password", NEW)];
    assert_eq!(here.posts("/admin/sign-in", &fields).await.status, 303);
    assert_eq!(here.posts("/admin/account/sign-out-everywhere", &[]).await.status, 303);
    assert!(!is_known(&here, NEW).await);
}

#[tokio::test]
async fn the_cookie_of_a_device_signs_nobody_in_and_is_kept_from_others() {
    let shop = TestShop::start_with(&[("PUBLIC_URL", "https://shop.example")]).await;
    Operator::signs_in(&shop, "viewer").await;
    let page = shop.customer().posts("/admin/sign-in", &[("email", "viewer@shop.example"), ("password", PASSWORD)]).await;
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text")).collect();
    let device = cookies.iter().find(|cookie| cookie.starts_with("__Host-device=")).unwrap_or_else(|| panic!("{cookies:?}"));
    for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(device.contains(part), "{part}: {device}");
    }
    let token = device.split(['=', ';']).nth(1).expect("a value");
    let alone = shop.customer();
    let page = alone
        .asks(|client, shop| client.get(format!("{shop}/admin/account")).header("cookie", format!("__Host-device={token}")))
        .await;
    assert_eq!(page.status, 303, "it opens nothing");
    assert!(!shop.folder.database_holds(token));
}

#[tokio::test]
async fn wrong_codes_of_a_thief_with_the_password_do_not_keep_the_operator_out() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let (key, _) = sets_up_second_factor(&shop, &operator).await;
    let thief = shop.customer();
    assert_eq!(enters(&thief, &operator.email, PASSWORD).await, 303);
    let mut last = 0;
    for _ in 0..11 {
        last = thief.posts("/admin/sign-in/code", &[("code", "000000")]).await.status;
    }
    assert_eq!(last, 429);
    shop.time_passes(Duration::from_secs(30));
    let guess = thief.posts("/admin/sign-in/code", &[("code", "000000")]).await;
    assert_ne!(guess.status, 303, "a guess that is wrong once more");
    operator.posts("/admin/sign-out", &[]).await;
    operator.enters_password("").await;
    let code = code_of(&key, shop.now().as_second());
    assert_eq!(operator.posts("/admin/sign-in/code", &[("code", &code)]).await.status, 303);
}

#[tokio::test]
async fn unlocking_is_recorded_and_ends_pauses_of_a_shared_address() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let stranger = shop.customer();
    for number in 0..40 {
        enters(&stranger, &format!("name{number}@shop.example"), "a guess").await;
    }
    assert_eq!(enters(&shop.customer(), &owner.email, PASSWORD).await, 429);
    assert_eq!(shop.command(&["operator", "unlock", &owner.email], "").code, 0);
    assert_eq!(enters(&shop.customer(), &owner.email, PASSWORD).await, 303);
    assert!(owner.sees("/admin/acts").await.body.contains("unlock operator"));
}

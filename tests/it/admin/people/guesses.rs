//! Strangers who guess passwords do not keep operators out: not on a known device, and not for long on another.

use std::time::Duration;

use tokio::time::Instant;

use crate::kit::{
    Customer, Operator, PASSWORD, TestShop,
    people::{code_of, sets_up_second_factor},
};

/// Wrong sign-ins from the address that everybody here has: some for this operator's name, the rest for others'.
async fn guesses(shop: &TestShop, email: &str) {
    let stranger = shop.customer();
    for number in 0..40 {
        let other = format!("name{number}@shop.example");
        let email = if number < 10 { email } else { &other };
        let page = stranger.posts("/admin/sign-in", &[("email", email), ("password", "a guess")]).await;
        assert!([422, 429].contains(&page.status), "{}", page.body);
    }
}

async fn enters(browser: &Customer, email: &str) -> u16 {
    browser.posts("/admin/sign-in", &[("email", email), ("password", PASSWORD)]).await.status
}

#[tokio::test]
async fn a_device_that_signed_in_before_is_not_locked_out_by_strangers() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    operator.posts("/admin/sign-out", &[]).await;
    guesses(&shop, &operator.email).await;
    let fields = [("email", operator.email.as_str()), ("password", PASSWORD)];
    assert_eq!(operator.posts("/admin/sign-in", &fields).await.status, 303);
}

#[tokio::test]
async fn a_device_of_one_operator_opens_no_door_to_another_s_name() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let owner = Operator::signs_in(&shop, "owner").await;
    operator.posts("/admin/sign-out", &[]).await;
    let fields = [("email", owner.email.as_str()), ("password", "a guess")];
    let stranger = shop.customer();
    let mut guesses = 0;
    while stranger.posts("/admin/sign-in", &fields).await.status != 429 {
        guesses += 1;
        assert!(guesses <= 10, "{guesses} guesses were looked at");
    }
    let page = operator.posts("/admin/sign-in", &fields).await;
    assert_eq!(page.status, 429, "the viewer's device is a stranger to the owner's name: {}", page.body);
}

#[tokio::test]
async fn on_a_new_device_the_right_password_is_taken_within_fifteen_minutes() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    guesses(&shop, &operator.email).await;
    let mut minutes = 0;
    while enters(&shop.customer(), &operator.email).await != 303 {
        assert!(minutes < 15, "the right password is not taken after {minutes} minutes");
        shop.time_passes(Duration::from_secs(60));
        minutes += 1;
    }
}

#[tokio::test]
async fn a_command_unlocks() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    guesses(&shop, &operator.email).await;
    let said = shop.command(&["operator", "unlock", &operator.email.to_uppercase()], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(enters(&shop.customer(), &operator.email).await, 303);
    let said = shop.command(&["operator", "unlock", "nobody@shop.example"], "");
    assert!(said.code == 2 && said.stderr.contains("no operator"), "{said:?}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_looked_at_as_long_as_one_that_somebody_has() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let stranger = shop.customer();
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..9 {
        for (times, email) in times.iter_mut().zip([operator.email.as_str(), "nobody@shop.example"]) {
            let began = Instant::now();
            let page = stranger.posts("/admin/sign-in", &[("email", email), ("password", "a wrong password, quite long")]).await;
            assert_eq!(page.status, 422, "{email}");
            times.push(began.elapsed());
        }
    }
    // Most of it is the password's hash, on purpose slow: without it an answer takes a small part of that.
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    assert!(unknown * 2 > known && known * 2 > unknown, "{known:?} and {unknown:?}");
}

#[tokio::test]
async fn a_code_is_taken_half_a_minute_early_or_late_and_no_more() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let (key, _) = sets_up_second_factor(&shop, &operator).await;
    for (off, status) in [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)] {
        // Codes of the time before are used up.
        shop.time_passes(Duration::from_secs(5 * 60));
        operator.enters_password("").await;
        let code = code_of(&key, shop.now().as_second() + off);
        let page = operator.posts("/admin/sign-in/code", &[("code", &code)]).await;
        assert_eq!(page.status, status, "{off} seconds off");
    }
}

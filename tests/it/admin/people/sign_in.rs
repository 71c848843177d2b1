//! Signing in to the back office: passwords, codes, sessions and how long they last.

use std::time::Duration;

use reqwest::Method;
use storefront::server::admin::routes;

use crate::kit::{
    Operator, PASSWORD, Page, TestShop,
    people::{code_of, sets_up_second_factor, shown_key},
};

const MINUTE: Duration = Duration::from_secs(60);

async fn is_in(operator: &Operator) -> bool {
    operator.opens("/admin/account").await.status == 200
}

#[tokio::test]
async fn nobody_sees_or_does_anything_without_signing_in() {
    let shop = TestShop::start().await;
    let stranger = shop.customer();
    for (method, path, _) in routes::table() {
        let address = path.replace("{id}", "1");
        if path.starts_with("/admin/sign-") || path.starts_with("/admin/invitations/") {
            continue;
        }
        match method.as_str() {
            "GET" => {
                let page = stranger.opens(&address).await;
                let to = page.location().unwrap_or_default();
                assert!(page.status == 303 && to.starts_with("/admin/sign-in?next=%2Fadmin"), "{address}: {} {to}", page.status);
            }
            _ => {
                let page = stranger.posts(&address, &[("amount", "1")]).await;
                assert_eq!(page.status, 401, "{address}");
                assert!(page.body.contains("nothing was done"), "{address}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_the_end_of_a_day_s_work() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    shop.time_passes(29 * MINUTE);
    assert!(is_in(&operator).await);
    shop.time_passes(29 * MINUTE);
    assert!(is_in(&operator).await, "the last request counts");
    shop.time_passes(30 * MINUTE);
    assert!(!is_in(&operator).await);

    operator.enters_password("").await;
    for _ in 0..25 {
        shop.time_passes(28 * MINUTE);
        assert!(is_in(&operator).await);
    }
    shop.time_passes(28 * MINUTE);
    assert!(!is_in(&operator).await, "after twelve hours even a busy one is asked again");
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive() {
    const BY_ITSELF: &[(&str, &str)] = &[("sec-fetch-mode", "navigate")];
    const BY_A_PERSON: &[(&str, &str)] = &[("sec-fetch-mode", "navigate"), ("sec-fetch-user", "?1")];
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    for (method, address, said, lives) in [
        (Method::GET, "/admin/account", BY_ITSELF, false),
        (Method::GET, "/admin/reconciliation/events", &[("sec-fetch-mode", "cors")], false),
        (Method::GET, "/admin/account", BY_A_PERSON, true),
        (Method::GET, "/admin/account", &[], true),
        (Method::POST, "/admin/account/password", BY_ITSELF, true),
    ] {
        operator.enters_password("").await;
        for _ in 0..2 {
            shop.time_passes(14 * MINUTE);
            let page = operator
                .asks(|client, shop| {
                    let request = client.request(method.clone(), format!("{shop}{address}"));
                    let request = said.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                    if method == Method::POST {
                        request.header("content-type", "application/x-www-form-urlencoded").body("new_password=short")
                    } else {
                        request
                    }
                })
                .await;
            assert!([200, 422].contains(&page.status), "{address} {said:?}: {}", page.status);
        }
        shop.time_passes(2 * MINUTE);
        assert_eq!(is_in(&operator).await, lives, "{method} {address} {said:?}");
    }
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own_and_an_old_one_opens_nothing() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let cookie = |page: &Page| page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let first = cookie(&operator.enters_password("").await);
    let second = operator.enters_password("").await;
    assert!(second.header("set-cookie").contains("HttpOnly") && second.header("set-cookie").contains("SameSite=Strict"));
    assert_ne!(first, cookie(&second));
    let with = async |cookie: &str| {
        shop.customer().asks(|client, shop| client.get(format!("{shop}/admin/account")).header("cookie", cookie)).await.status
    };
    assert_eq!((with(&first).await, with(&cookie(&second)).await), (303, 200));
    operator.posts("/admin/sign-out", &[]).await;
    assert_eq!(with(&cookie(&second)).await, 303, "whoever copied the cookie is out, too");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_browser_s_session() {
    let shop = TestShop::start().await;
    let (here, there) = (Operator::signs_in(&shop, "finance").await, Operator::signs_in(&shop, "finance").await);
    assert!(is_in(&there).await);
    here.posts("/admin/account/sign-out-everywhere", &[]).await;
    assert!(!is_in(&here).await && !is_in(&there).await);
}

#[tokio::test]
async fn after_ten_wrong_passwords_tries_wait_whether_or_not_anybody_has_the_name() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let stranger = shop.customer();
    let tries = async |email: &str, password: &str| {
        let page = stranger.posts("/admin/sign-in", &[("email", email), ("password", password)]).await;
        (page.status, page.body.contains("do not belong together"))
    };
    for email in [operator.email.as_str(), "nobody@shop.example"] {
        for _ in 0..10 {
            assert_eq!(tries(email, "a wrong password, quite long").await, (422, true), "{email}");
        }
        assert_eq!(tries(email, PASSWORD).await.0, 429, "{email}: even the right one is not looked at");
    }
    assert!(is_in(&operator).await, "whoever is in stays in");
    shop.time_passes(MINUTE);
    assert_eq!(tries(&operator.email, PASSWORD).await.0, 303);
}

#[tokio::test]
async fn a_right_password_buys_no_further_codes_and_each_code_is_taken_once() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let (key, _) = sets_up_second_factor(&shop, &operator).await;
    let code = async |code: &str| operator.posts("/admin/sign-in/code", &[("code", code)]).await.status;
    assert_eq!(operator.enters_password("").await.location(), Some("/admin/sign-in/code"));
    assert_eq!(code(&code_of(&key, shop.now().as_second())).await, 422, "the code that set it up is used");
    for _ in 0..8 {
        assert_eq!(code("000000").await, 422);
    }
    assert_eq!(operator.enters_password("").await.status, 303);
    assert_eq!((code("000000").await, code("000000").await), (422, 429));
    shop.time_passes(MINUTE);
    assert_eq!(operator.enters_password("").await.status, 303);
    let fresh = code_of(&key, shop.now().as_second());
    assert_eq!(code(&fresh).await, 303);
    assert_eq!(operator.posts("/admin/account/second-factor/removal", &[("code", &fresh)]).await.status, 422, "not twice");
    shop.time_passes(MINUTE);
    let next = code_of(&key, shop.now().as_second());
    assert_eq!(operator.posts("/admin/account/second-factor/removal", &[("code", &next)]).await.status, 303);
}

#[tokio::test]
async fn each_recovery_code_opens_the_door_once_and_a_password_waits_five_minutes_for_a_code() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let (_, codes) = sets_up_second_factor(&shop, &operator).await;
    let enters = async |code: &str| {
        operator.enters_password("").await;
        operator.posts("/admin/sign-in/code", &[("code", code)]).await.status
    };
    assert_eq!((enters(&codes[0]).await, enters(&codes[0]).await), (303, 422), "not twice");
    assert_eq!(enters(&codes[1].to_lowercase()).await, 303, "however it is typed");
    operator.enters_password("").await;
    shop.time_passes(5 * MINUTE);
    let late = operator.posts("/admin/sign-in/code", &[("code", &codes[2])]).await;
    assert_eq!((late.status, late.location()), (303, Some("/admin/sign-in")));
    assert!(!is_in(&operator).await);
    assert_eq!(enters(&codes[2]).await, 303, "it was not used up");
}

#[tokio::test]
async fn a_second_factor_that_comes_or_goes_ends_every_other_session() {
    let shop = TestShop::start().await;
    let (here, there) = (Operator::signs_in(&shop, "finance").await, Operator::signs_in(&shop, "finance").await);
    let (key, _) = sets_up_second_factor(&shop, &here).await;
    assert_eq!((is_in(&here).await, is_in(&there).await), (true, false), "it came");
    let enters = async |operator: &Operator| {
        operator.enters_password("").await;
        shop.time_passes(MINUTE);
        let code = code_of(&key, shop.now().as_second());
        assert_eq!(operator.posts("/admin/sign-in/code", &[("code", &code)]).await.status, 303);
    };
    enters(&there).await;
    assert_eq!((is_in(&here).await, is_in(&there).await), (true, true));
    shop.time_passes(MINUTE);
    let code = code_of(&key, shop.now().as_second());
    assert_eq!(here.posts("/admin/account/second-factor/removal", &[("code", &code)]).await.status, 303);
    assert_eq!((is_in(&here).await, is_in(&there).await), (true, false), "it went");
}

#[tokio::test]
async fn a_code_is_taken_however_it_is_written() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let (key, recovery) = sets_up_second_factor(&shop, &operator).await;
    let wide = |code: &str| -> String {
        let wide = |letter: char| char::from_u32(u32::from(letter) + 0xFEE0).expect("a wide letter");
        code.chars().map(wide).collect()
    };
    let code = |now: i64| code_of(&key, now);
    for write in [
        |code: &str| format!("{}-{}", &code[..3], &code[3..]),
        |code: &str| format!(" {}\u{a0}{}.", &code[..3], &code[3..]),
        |code: &str| format!("{}\u{2011}{}", &code[..3], &code[3..]),
        |code: &str| code.to_owned(),
    ] {
        operator.enters_password("").await;
        shop.time_passes(MINUTE);
        let written = write(&code(shop.now().as_second()));
        assert_eq!(operator.posts("/admin/sign-in/code", &[("code", &written)]).await.status, 303, "{written:?}");
    }
    operator.enters_password("").await;
    shop.time_passes(MINUTE);
    let written = wide(&code(shop.now().as_second()));
    assert_eq!(operator.posts("/admin/sign-in/code", &[("code", &written)]).await.status, 303, "{written:?}");
    operator.enters_password("").await;
    let written = wide(&recovery[0]);
    assert_eq!(operator.posts("/admin/sign-in/code", &[("code", &written)]).await.status, 303, "{written:?}");
    operator.enters_password("").await;
    let late = code(shop.now().as_second() - 90);
    let refused = operator.posts("/admin/sign-in/code", &[("code", &late)]).await;
    assert!(refused.status == 422 && refused.body.contains("clock"), "a clock that is wrong is thought of: {}", refused.body);
}

#[tokio::test]
async fn a_password_is_the_same_on_every_system_that_types_it() {
    let shop = TestShop::start().await;
    let (composed, apart) = ("caf\u{e9} lantern over harbour stones", "cafe\u{301} lantern over harbour stones");
    let said = shop.command(&["operator", "add", "a@shop.example", "--role", "viewer"], apart);
    assert_eq!(said.code, 0, "{said:?}");
    for password in [composed, apart] {
        let fields = [("email", "a@shop.example"), ("password", password)];
        assert_eq!(shop.customer().posts("/admin/sign-in", &fields).await.status, 303, "{password:?}");
    }
}

#[tokio::test]
async fn a_key_that_was_shown_and_not_set_up_is_forgotten_at_the_next_sign_in() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "finance").await;
    let key = shown_key(&operator).await;
    assert_eq!(shown_key(&operator).await, key, "it stays while somebody sets it up");
    operator.enters_password("").await;
    assert_ne!(shown_key(&operator).await, key, "whoever saw it here before knows nothing");
}

#[tokio::test]
async fn a_stranger_s_guesses_keep_nobody_from_working() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    for _ in 0..11 {
        shop.customer().posts("/admin/sign-in", &[("email", &owner.email), ("password", "a guess")]).await;
    }
    let added = owner.confirms("/admin/operators", &[("email", "new@shop.example"), ("role", "viewer")]).await;
    assert!(added.status == 200 && added.body.contains("Operator added"), "{}", added.body);
}

#[tokio::test]
async fn the_demo_operator_is_gone_once_the_shop_is_no_trial() {
    let shop = TestShop::start_with(&[("DEMO_OPERATOR", "1")]).await;
    let owner = Operator::signs_in(&shop, "owner").await;
    assert!(owner.sees("/admin/operators").await.body.contains("demo@storefront.example"));
    let again = TestShop::start_with(&[("DATABASE_URL", &shop.settings["DATABASE_URL"])]).await;
    let owner = Operator::signs_in(&again, "owner").await;
    assert!(!owner.sees("/admin/operators").await.body.contains("demo@storefront.example"));
}

#[tokio::test]
async fn of_forty_guesses_at_once_ten_are_looked_at() {
    let shop = TestShop::start().await;
    let guess = async || {
        let page = shop.customer().posts("/admin/sign-in", &[("email", "nobody@shop.example"), ("password", "a guess")]).await;
        page.status
    };
    let mut statuses = futures::future::join_all((0..40).map(|_| guess())).await;
    statuses.sort_unstable();
    assert_eq!((statuses[..10].to_vec(), statuses[10..].to_vec()), (vec![422; 10], vec![429; 30]));
}

#[tokio::test]
async fn one_address_cannot_try_many_names() {
    let shop = TestShop::start().await;
    let stranger = shop.customer();
    for number in 0..30 {
        let email = format!("name{number}@shop.example");
        assert_eq!(stranger.posts("/admin/sign-in", &[("email", &email), ("password", "a guess")]).await.status, 422);
    }
    let page = stranger.posts("/admin/sign-in", &[("email", "another@shop.example"), ("password", "a guess")]).await;
    assert_eq!(page.status, 429);
}

#[tokio::test]
async fn a_shop_that_others_reach_demands_a_second_factor_of_whoever_moves_much_money() {
    let shop = TestShop::start_with(&[("PUBLIC_URL", "https://shop.example")]).await;
    for (role, opens) in [("owner", false), ("finance", false), ("support", true), ("viewer", true)] {
        let operator = Operator::called(&shop, role, role).await;
        let page = operator.opens("/admin").await;
        assert_eq!(page.location() != Some("/admin/account"), opens, "{role}: {:?}", page.location());
        let account = operator.sees("/admin/account").await;
        assert_eq!(!account.body.contains("demands a second factor"), opens, "{role}");
        assert_eq!(operator.posts("/admin/operators", &[]).await.location() == Some("/admin/account"), !opens, "{role}");
    }
    let page = shop.customer().posts("/admin/sign-in", &[("email", "viewer@shop.example"), ("password", PASSWORD)]).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-operator=") && cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn another_site_s_form_does_nothing() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    for (method, path, _) in routes::table().into_iter().filter(|(method, ..)| method == "POST") {
        let address = path.replace("{id}", "1");
        let foreign = owner.sends_from("https://evil.example", &address).await;
        assert_eq!(foreign.status, 403, "{method} {address}");
    }
    assert!(is_in(&owner).await);
}

#[tokio::test]
async fn a_form_posted_after_the_session_ended_comes_back_without_its_secrets() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    shop.time_passes(31 * MINUTE);
    let typed = [("email", "new@shop.example"), ("role", "finance")];
    let late = owner.confirms("/admin/operators", &typed).await;
    assert_eq!(late.status, 401);
    let hidden = late.inputs();
    let fields: Vec<_> = hidden.iter().filter(|(name, _)| name == "next" || name == "typed").collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let entered = owner.posts("/admin/sign-in", &[&fields[..], &[("email", &owner.email), ("password", PASSWORD)]].concat()).await;
    assert_eq!((entered.status, entered.location()), (303, Some("/admin/resume")));
    let back = owner.sees("/admin/resume").await;
    assert!(back.body.contains("new@shop.example") && !back.body.contains(PASSWORD));
    assert!(!owner.sees("/admin/operators").await.body.contains("new@shop.example"), "nobody was added");
    assert_eq!(owner.opens("/admin/resume").await.location(), Some("/admin"), "it comes back once");

    shop.time_passes(31 * MINUTE);
    for (address, name, secret) in [
        ("/admin/account/password", "new_password", "another-lantern-over-stones"),
        ("/admin/account/second-factor", "new_code", "246810"),
        ("/admin/account/second-factor/removal", "code", "246810"),
    ] {
        let late = owner.confirms(address, &[(name, secret)]).await;
        // Forms write a space as a plus, so words are looked for.
        let is_there = [secret, "harbour"].iter().any(|part| late.body.contains(part));
        assert!(late.status == 401 && !is_there, "{}", late.body);
    }
}

#[tokio::test]
async fn sign_in_leads_to_addresses_of_the_back_office_only() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/admin/../../x y",
        "/admin\r\nset-cookie:a=b",
        "/admin/\\evil.example",
        "/admin/../orders",
        "/admin/%2e%2E/orders",
        "/admin/./../cart?x=1",
        "/administrator",
        "/",
    ] {
        let page = operator.enters_password(next).await;
        assert_eq!(page.location(), Some("/admin"), "{next:?}");
    }
    let page = operator.enters_password("/admin/orders?state=paid&q=%2F%2F").await;
    assert_eq!(page.location(), Some("/admin/orders?state=paid&q=%2F%2F"));
}

#[tokio::test]
async fn owners_come_from_settings_and_commands_and_one_always_stays() {
    let shop = TestShop::start_with(&[("OPERATOR_EMAIL", "set@shop.example"), ("OPERATOR_PASSWORD", PASSWORD)]).await;
    let said = shop.command(&["operator", "add", "set@shop.example"], PASSWORD);
    assert!(said.code == 2 && said.stderr.contains("already"), "{said:?}");
    for (arguments, password, why) in [
        (&["operator", "add", "a@shop.example"][..], "short", "at least 15"),
        (&["operator", "add", "a@shop.example"], "passwordpassword", "easily guessed"),
        (&["operator", "add", "no address"], PASSWORD, "e-mail"),
        (&["operator", "add", "a@shop.example", "--role", "king"], PASSWORD, "not one of"),
    ] {
        let said = shop.command(arguments, password);
        assert!(said.code == 2 && said.stderr.contains(why), "{said:?}");
    }
    let owner = Operator::called(&shop, "set", "owner").await;
    let second = Operator::called(&shop, "second", "owner").await;
    let ids: Vec<String> = ids(&owner.sees("/admin/operators").await.body);
    let other = ids.first().expect("the other owner");
    assert_eq!(owner.posts(&format!("/admin/operators/{other}/removal"), &[]).await.status, 422, "not without the password");
    assert_eq!(owner.confirms(&format!("/admin/operators/{other}/removal"), &[]).await.status, 303);
    assert!(!is_in(&second).await, "whoever is removed is out at once");
    let me = if other == "1" { "2" } else { "1" };
    let page = owner.confirms(&format!("/admin/operators/{me}/role"), &[("role", "viewer")]).await;
    assert!(page.status == 422 && page.body.contains("last owner stays"), "{}", page.status);
}

/// The numbers in the addresses of a page's forms.
fn ids(body: &str) -> Vec<String> {
    let parts = body.split("/admin/operators/").skip(1);
    parts.filter_map(|part| part.split_once("/removal").map(|(id, _)| id.to_owned())).filter(|id| id.len() < 5).collect()
}

#[tokio::test]
async fn no_password_stands_in_the_database() {
    let shop = TestShop::start().await;
    let operator = Operator::signs_in(&shop, "viewer").await;
    let session = operator.enters_password("").await;
    let session = session.header("set-cookie").split(['=', ';']).nth(1).unwrap_or_default().to_owned();
    let id = session.parse::<tower_sessions::session::Id>().expect("an id of a session").0.to_le_bytes();
    for secret in [PASSWORD.as_bytes(), session.as_bytes(), &id] {
        assert!(!shop.folder.database_holds(secret), "it holds {}", String::from_utf8_lossy(secret));
    }
}

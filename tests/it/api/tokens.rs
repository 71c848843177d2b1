//! Tokens for the JSON register: who makes and revokes them, what they open, and how often.

use std::time::Duration;

use serde_json::{Value, json};

use crate::kit::{
    Operator, PASSWORD, TestShop,
    api_program::{ApiProgram, always, refusal, with},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_token_learns_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "book-keeping").await;
    let nobody = (401, "unknown_token".to_owned());
    for token in [
        Value::Null,
        json!(""),
        json!(5),
        json!(["a"]),
        json!("' OR '1'='1"),
        json!(program.token.to_lowercase()),
        json!(&program.token[1..]),
    ] {
        let page = program.sends(with("token", token.clone()).to_string()).await;
        assert_eq!((refusal(&page), page.header("www-authenticate")), (nobody.clone(), "Bearer"), "{token}");
        assert!(!page.body.contains(purchase.payment_id()));
    }
    let bearing = async |value: String, body: Value| {
        program
            .door
            .asks(|client, shop| {
                client.post(format!("{shop}/api/operations")).header("authorization", value).body(body.to_string())
            })
            .await
    };
    assert_eq!(bearing(format!("Bearer {}", program.token), always()).await.status, 200);
    assert_eq!(bearing(format!("bearer {}", program.token), with("token", json!(program.token))).await.status, 200, "said twice");
    assert_eq!(refusal(&bearing("Bearer other".to_owned(), with("token", json!(program.token))).await), nobody, "two that differ");
    assert_eq!(refusal(&bearing(format!("Basic {}", program.token), always()).await), nobody);
    // A signed-in operator's browser opens nothing here, and the token is kept nowhere as it is.
    assert_eq!(refusal(&owner.posts("/api/operations", &[]).await), (400, "not_json".to_owned()));
    assert!(!shop.folder.database_holds(&program.token), "only its digest is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_asks_too_often_waits_and_others_do_not() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let (busy, calm) = (ApiProgram::of(&shop, &owner, "busy").await, ApiProgram::of(&shop, &owner, "calm").await);
    for _ in 0..60 {
        busy.reads(&always()).await;
    }
    let page = busy.asks(&always()).await;
    assert_eq!((refusal(&page), page.header("retry-after")), ((429, "too_often".to_owned()), "1"));
    calm.reads(&always()).await;
    shop.time_passes(Duration::from_secs(1));
    busy.reads(&always()).await;
    assert_eq!(busy.asks(&always()).await.status, 429);
    shop.time_passes(Duration::from_secs(3600));
    for _ in 0..60 {
        busy.reads(&always()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_make_and_revoke_tokens_and_nobody_else_does() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    for role in ["viewer", "support", "finance"] {
        let other = Operator::signs_in(&shop, role).await;
        assert_eq!(other.opens("/admin/tokens").await.status, 403, "{role}");
        assert_eq!(other.confirms("/admin/tokens", &[("name", "sly")]).await.status, 403, "{role}");
        assert_eq!(other.posts("/admin/tokens/1/revocation", &[]).await.status, 403, "{role}");
    }
    for (fields, why) in [
        (&[("name", ""), ("password", PASSWORD)][..], "A name has 1 to 60 characters"),
        (&[("name", &*"a".repeat(61)), ("password", PASSWORD)], "A name has 1 to 60 characters"),
        (&[("name", "books")], "This is needed"),
        (&[("name", "<b>books"), ("password", "guessed")], "This password is not right"),
    ] {
        let page = owner.posts("/admin/tokens", fields).await;
        assert!(page.status == 422 && page.body.contains(why), "{fields:?}: {}", page.body);
        assert!(!page.body.contains("<b>books"), "what was typed comes back escaped");
    }
    assert!(owner.sees("/admin/tokens").await.body.contains("No token was made yet."));
    let program = ApiProgram::of(&shop, &owner, "<i>books").await;
    assert!(program.token.len() >= 30);
    let listed = owner.sees("/admin/tokens").await;
    assert!(!listed.body.contains(&program.token) && !listed.body.contains("<i>books") && listed.body.contains("&lt;i&gt;books"));
    assert!(listed.body.contains("never"), "not used yet");
    program.reads(&always()).await;
    assert!(!owner.sees("/admin/tokens").await.body.contains("never"), "its last use is told");
    for absent in ["0", "999", "-1", "x", "1;--"] {
        let page = owner.posts(&format!("/admin/tokens/{absent}/revocation"), &[]).await;
        assert!([303, 404].contains(&page.status), "{absent}");
    }
    program.reads(&always()).await;
    assert_eq!(owner.posts("/admin/tokens/1/revocation", &[]).await.status, 303);
    assert_eq!(refusal(&program.asks(&always()).await), (401, "unknown_token".to_owned()));
    assert!(owner.sees("/admin/tokens").await.body.contains("revoked"));
}

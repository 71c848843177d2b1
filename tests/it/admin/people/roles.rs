//! Who may open what: every address of the back office for every role, as agreed in a snapshot.

use std::fmt::Write;

use storefront::server::admin::{people::guard::Door, routes};

use crate::kit::{Operator, TestShop};

const ROLES: [&str; 4] = ["viewer", "support", "finance", "owner"];

#[tokio::test]
async fn each_role_opens_what_was_agreed_and_nothing_else() {
    let shop = TestShop::start().await;
    let mut table = String::from("method address: who may open it\n");
    let mut operators = everybody(&shop).await;
    for (method, path, door) in routes::table() {
        let mut allowed = Vec::new();
        for (operator, role) in operators.iter().zip(ROLES) {
            let address = path.replace("{id}", "1").replace("{token}", "1");
            let answer = if method == "GET" { operator.opens(&address).await } else { operator.posts(&address, &[]).await };
            let is_refused = answer.status == 403 && answer.body.contains("Not with your role");
            assert!(answer.status < 500, "{method} {path} as {role}: {}", answer.status);
            if !is_refused {
                allowed.push(role);
            }
        }
        if path.contains("/sign-") {
            operators = everybody(&shop).await; // it may have ended their sessions
        }
        let expected = match door {
            Door::To(permission) => ROLES.iter().filter(|role| may(role, permission)).copied().collect(),
            Door::Anyone | Door::SignedIn => ROLES.to_vec(),
        };
        assert_eq!(allowed, expected, "{method} {path}: the door and what comes of it");
        let who = if door == Door::Anyone { "anyone".to_owned() } else { allowed.join(", ") };
        let _ = writeln!(table, "{method} {path}: {who}");
    }
    insta::assert_snapshot!("who_may_open_what", table);
}

async fn everybody(shop: &TestShop) -> Vec<Operator> {
    futures::future::join_all(ROLES.map(|role| Operator::signs_in(shop, role))).await
}

fn may(role: &str, permission: storefront::domain::people::operator::Permission) -> bool {
    storefront::domain::people::operator::Role::from_name(role).is_some_and(|role| role.may(permission))
}

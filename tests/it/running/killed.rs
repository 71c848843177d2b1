//! kill −9 while callbacks stream in: whatever was answered 200 is kept, and the orders know it.

use std::{collections::HashSet, sync::Arc};

use reqwest::Client;
use serde_json::json;
use tokio::sync::mpsc;

use crate::kit::{
    Callback, Customer, Folder, Operator, PASSWORD, Program, Purchase, Sandbox, as_shown, free_port, kept_callbacks, settings_for,
    shop_program, storefront,
};

const SENDERS: usize = 16;
/// How many acknowledgements are waited for before each kill.
const ROUNDS: [usize; 4] = [1, 37, 150, 300];

const VIEWER: &str = "viewer@shop.example";

struct Round {
    purchases: Vec<Purchase>,
    bodies: Vec<String>,
    acknowledged: HashSet<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_shop_has_every_callback_it_answered_200_to() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let port = free_port();
    let start = || shop_program(port, &sandbox, &folder, &[]);
    let mut rounds = Vec::new();
    for wanted in ROUNDS {
        let program = start();
        let customer = Customer::of(&program.address);
        let mut purchases = Vec::new();
        for _ in 0..4 {
            purchases.push(customer.orders("KR", "jeju-green-tea", "payco-wallet").await);
        }
        let bodies = told_of(&purchases, wanted);
        let acknowledged = stream_until_killed(program, &bodies, wanted).await;
        assert!(acknowledged.len() >= wanted);
        rounds.push(Round { purchases, bodies, acknowledged });

        let program = start();
        let settings = settings_for(port, &sandbox, &folder, &[]);
        assert!(folder.database_is_whole());
        storefront(&folder, &settings, &["operator", "add", VIEWER, "--role", "viewer"], PASSWORD);
        let kept = kept_callbacks(&Operator::at(&program.address, VIEWER).await).await;
        let kept: HashSet<String> = kept.into_iter().map(|callback| callback.body.to_string()).collect();
        for round in &rounds {
            for body in &round.acknowledged {
                assert!(kept.contains(&as_shown(body).to_string()), "answered 200 and lost: {body}");
            }
            orders_know(&program, round).await;
        }
    }
    // The platform sends everything again: each is known or new, and every order ends paid.
    let program = start();
    let customer = Customer::of(&program.address);
    for Round { purchases, bodies, .. } in rounds {
        for body in bodies {
            assert_eq!(customer.sends("/callbacks", "application/json", body.into_bytes()).await.status, 200);
        }
        for purchase in purchases {
            customer.sees(&purchase.order_path(), "success").await;
        }
    }
}

/// The successes of the purchases, spread among callbacks about payments of somebody else.
fn told_of(purchases: &[Purchase], wanted: usize) -> Vec<String> {
    let step = (wanted + 2 * SENDERS) / purchases.len() + 1;
    let told = |number: usize| match purchases.get(number / step) {
        Some(purchase) if number.is_multiple_of(step) => Callback::sale(purchase, "success").signed(),
        _ => Callback::sale(&purchases[0], "success").with("/payment/id", json!(format!("stray-{wanted}-{number}"))).signed(),
    };
    (0..wanted + 8 * SENDERS).map(told).collect()
}

/// Sends the bodies from many sides at once, and kills the shop in the middle of it.
async fn stream_until_killed(mut program: Program, bodies: &[String], wanted: usize) -> HashSet<String> {
    let client = Client::builder().no_proxy().build().expect("a client");
    let address = Arc::new(format!("{}/callbacks", program.address));
    let (tell, mut told) = mpsc::unbounded_channel();
    for sender in 0..SENDERS {
        let (client, address, tell) = (client.clone(), address.clone(), tell.clone());
        let mine: Vec<String> = bodies.iter().skip(sender).step_by(SENDERS).cloned().collect();
        tokio::spawn(async move {
            for body in mine {
                match client.post(address.as_str()).body(body.clone()).send().await {
                    Ok(answer) => assert_eq!(answer.status(), 200),
                    Err(_) => return,
                }
                if tell.send(body).is_err() {
                    return;
                }
            }
        });
    }
    drop(tell);
    let mut acknowledged = HashSet::new();
    while acknowledged.len() < wanted {
        acknowledged.insert(told.recv().await.expect("more answers"));
    }
    program.is_killed();
    while let Some(body) = told.recv().await {
        acknowledged.insert(body);
    }
    acknowledged
}

async fn orders_know(program: &Program, round: &Round) {
    let customer = Customer::of(&program.address);
    for purchase in &round.purchases {
        let success = Callback::sale(purchase, "success").signed();
        if round.acknowledged.contains(&success) {
            let page = customer.opens(&purchase.order_path()).await;
            assert_eq!(page.attribute("data-payment-status").as_deref(), Some("success"), "{success}");
        }
    }
}

//! Tests: each situation and its sentence.

use super::*;
use crate::{
    domain::{
        case::CaseKind,
        money::Currency,
        orders::{
            history::{BookedMovement, Callback, CaseRecord, FollowedRefund},
            order::Order,
        },
        shop::{customer::Contact, market::Market},
        transfers::refund::Refund,
    },
    platform::PaymentStatus,
};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

fn cents(minor: u64) -> Money {
    Money::from_minor(minor, Currency::EUR).unwrap()
}

fn attempt(id: &str, status: Option<&str>) -> Attempt {
    Attempt {
        payment_id: id.to_owned(),
        method: Some(Method::Payco),
        amount: cents(1000),
        started_at: 100,
        begins_before: 100,
        status: status.map(PaymentStatus::new),
        status_at: if status.is_some() { 200 } else { 0 },
        code: None,
        taken: None,
        paid_with: None,
        sale: None,
        handover: None,
        asks_last_name: false,
        retry_until: None,
    }
}

fn history(attempts: Vec<Attempt>) -> OrderHistory {
    let paid_by = attempts.iter().find(|attempt| attempt.standing() >= Standing::Succeeded).map(|one| one.payment_id.clone());
    let movements =
        paid_by.iter().map(|id| BookedMovement { kind: MoneyKind::Sale, reference: id.clone(), amount: cents(1000), at: 300 });
    let movements = movements.collect();
    let order = Order {
        number: "N".to_owned(),
        token: "t".to_owned(),
        market: Market::Belgium,
        language: "en".to_owned(),
        customer_id: "c".to_owned(),
        contact: Contact::default(),
        ip_address: None,
        lines: Vec::new(),
        total: cents(1000),
        placed_at: 100,
        held_until: 100 + HOUR,
        attempts,
        paid_by,
    };
    OrderHistory {
        order,
        refunds: Vec::new(),
        callbacks: Vec::new(),
        is_cut: false,
        cases: Vec::new(),
        movements,
        deeds: Vec::new(),
        next_question: None,
    }
}

fn refund(minor: u64, progress: Progress) -> FollowedRefund {
    let refund = Refund {
        id: "r".to_owned(),
        payment_id: "N-1".to_owned(),
        amount: cents(minor),
        reason: "broken".to_owned(),
        progress,
        code: None,
        asked_at: 400,
    };
    FollowedRefund { refund, sent_at: None, ended_at: None }
}

fn told(source: Source, received_at: i64, verdict: &str) -> Callback {
    Callback {
        id: 1,
        payment_id: "n-1".to_owned(),
        body: Vec::new(),
        verdict: verdict.to_owned(),
        source,
        received_at,
        deliveries: 1,
        last_at: received_at,
    }
}

fn sentences(history: &OrderHistory, now: i64) -> Vec<String> {
    explain(history, now, &Writing { moment: &|at| format!("t{at}"), money: &|money| money.to_string() })
}

#[test]
fn every_state_has_a_sentence_that_says_why() {
    let one = |status: Option<&str>, change: fn(&mut OrderHistory)| {
        let mut history = history(vec![attempt("N-1", status)]);
        change(&mut history);
        history
    };
    let with_code = |history: &mut OrderHistory| history.order.attempts[0].code = Some("20105".to_owned());
    for (history, now, sentence) in [
        (one(None, |it| it.next_question = Some(900)), 500, "Nothing was heard of payment N-1 yet; the platform is asked at t900."),
        (one(None, |it| it.next_question = Some(400)), 500, "Nothing was heard of payment N-1 yet; the platform is being asked."),
        (one(None, |_| ()), 500, "Nothing was heard of payment N-1 yet; the platform is not asked any more by itself."),
        (
            one(Some("awaiting redirect result"), |it| it.next_question = Some(900)),
            500,
            "The platform has payment N-1 in hand: it says “awaiting redirect result”; the platform is asked at t900.",
        ),
        (
            one(Some("decline"), with_code),
            500,
            "Payment N-1 was declined at t200: The account does not hold enough money. (code 20105)",
        ),
        (
            one(Some("decline"), |it| it.order.attempts[0].code = Some("77".to_owned())),
            500,
            "Payment N-1 was declined at t200: code 77.",
        ),
        (one(Some("decline"), |_| ()), 500, "Payment N-1 was declined at t200: no reason was given."),
        (
            one(Some("decline"), |it| it.order.attempts[0].retry_until = Some(700)),
            500,
            "A try of payment N-1 was declined: no reason was given. The customer may try the same payment again until t700.",
        ),
        (one(Some("expired"), |_| ()), 500, "The platform says that the time to pay N-1 is over at t200."),
        (
            one(Some("internal error"), |_| ()),
            500,
            "The platform reports a fault of its own for payment N-1 (“internal error”): that proves neither money nor its absence; \
             the platform is not asked any more by itself.",
        ),
        (
            one(None, |_| ()),
            2 * DAY,
            "The limit time of Payco passed at t86500, and no end of payment N-1 was heard; the platform is not asked any more by itself.",
        ),
        (one(Some("success"), |_| ()), 500, "Paid by payment N-1 with Payco at t300."),
        (
            one(Some("partially refunded"), |it| it.refunds = vec![refund(250, Progress::Done)]),
            500,
            "Of 10.00 EUR paid by N-1, 2.50 EUR went back; 7.50 EUR is kept.",
        ),
        (
            one(Some("refunded"), |it| it.refunds = vec![refund(250, Progress::Done), refund(750, Progress::Done)]),
            500,
            "All of payment N-1 went back: 10.00 EUR.",
        ),
        (
            one(Some("refunded"), |it| it.refunds = vec![refund(250, Progress::Done)]),
            500,
            "The platform calls payment N-1 “refunded”, but told of no refund that accounts for it; the platform is not asked any more by itself.",
        ),
    ] {
        assert_eq!(sentences(&history, now), [sentence]);
    }
    assert_eq!(sentences(&history(Vec::new()), 500), ["Nobody went to pay it yet."]);
}

#[test]
fn what_stands_beside_the_state_is_told_after_it() {
    let mut paid = history(vec![attempt("N-1", Some("success")), attempt("N-2", Some("success"))]);
    paid.refunds = vec![refund(250, Progress::Unknown)];
    paid.cases =
        vec![CaseRecord { id: 1, kind: CaseKind::SecondPayment, payment_id: "N-2".to_owned(), opened_at: 300, closed: None }];
    assert_eq!(
        sentences(&paid, 500)[1..],
        [
            "Payment N-2 took the money a second time: 10.00 EUR.",
            "A refund of 2.50 EUR is under way. Nobody knows yet whether the platform took it on. It is asked, and nothing is sent twice.",
            "A case waits for a person: second payment (payment N-2).",
        ]
    );
}

#[test]
fn a_lost_callback_that_asking_made_good_is_told() {
    let healed = "No callback told it: the shop asked the platform and learned it at t300.";
    for (callbacks, expected) in [
        (vec![told(Source::Status, 300, APPLIED)], Some(healed)),
        (vec![told(Source::Status, 300, APPLIED), told(Source::Callback, 400, APPLIED)], Some(healed)),
        (vec![told(Source::Callback, 250, "wrong amount"), told(Source::Status, 300, APPLIED)], Some(healed)),
        (vec![told(Source::Callback, 300, APPLIED), told(Source::Status, 300, APPLIED)], None),
        (vec![told(Source::Callback, 300, APPLIED), told(Source::Status, 350, APPLIED)], None),
        (Vec::new(), None),
    ] {
        let mut paid = history(vec![attempt("N-1", Some("success"))]);
        paid.callbacks = callbacks;
        assert_eq!(sentences(&paid, 500).get(1).map(String::as_str), expected);
    }
}

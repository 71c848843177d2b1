//! What reports of the platform do to an order, in whatever order and number they arrive.

use storefront::{
    domain::{
        money::{Currency, Money},
        orders::order::{
            Attempt, Contradiction, Event, Heard, Names, NextStep, Order, OrderState, StatedOperation, StatedSum, Statement,
        },
        shop::{customer::Contact, market::Market},
        transfers::progress::Outcome,
    },
    platform::{Method, PaymentStatus},
};

const NOW: i64 = 1_800_000_000;

fn order(payments: &[&str]) -> Order {
    let total = Money::parse("3.50", Currency::EUR).expect("money");
    let attempt = |id: &&str| Attempt {
        payment_id: (*id).to_owned(),
        method: Some(Method::Bancontact),
        amount: total,
        started_at: NOW,
        begins_before: NOW,
        status: None,
        status_at: 0,
        code: None,
        taken: None,
        paid_with: None,
        sale: None,
        handover: None,
        asks_last_name: false,
        retry_until: None,
    };
    Order {
        number: "TRYME".to_owned(),
        token: "token".to_owned(),
        market: Market::Belgium,
        language: "en".to_owned(),
        customer_id: "customer".to_owned(),
        contact: Contact::default(),
        ip_address: None,
        lines: Vec::new(),
        total,
        placed_at: NOW,
        held_until: NOW + 1800,
        attempts: payments.iter().map(attempt).collect(),
        paid_by: None,
    }
}

/// A matching report of a sale; of a refund where the status is one.
fn report(payment_id: &str, status: &str, at: i64) -> Statement {
    let refunds = ["partially refunded", "refunded", "partially reversed", "reversed"].contains(&status);
    let sum = Some((350, "EUR".to_owned()));
    Statement {
        payment_id: payment_id.to_owned(),
        status: PaymentStatus::new(status),
        at,
        code: Some("0".to_owned()),
        method: None,
        payment_sum: sum.clone(),
        event: if refunds { refund(operation(sum, "success")) } else { sale(operation(sum, status)) },
        sum_is_accepted: false,
    }
}

fn operation(sum: Option<StatedSum>, status: &str) -> StatedOperation {
    StatedOperation { outcome: Some(Outcome::of_status(status)), is_fault: Outcome::is_fault(status), sum }
}

fn sale(operation: StatedOperation) -> Event {
    Event::Sale(operation, NextStep::default())
}

fn refund(operation: StatedOperation) -> Event {
    Event::Refund(operation, Names::default())
}

fn other(operation: StatedOperation) -> Event {
    Event::Other(operation, NextStep::default())
}

fn told(payment_id: &str, status: &str) -> Statement {
    report(payment_id, status, NOW)
}

/// What is left of an order once everything was heard.
fn ending(order: &Order) -> (OrderState, bool, Vec<Option<String>>) {
    let statuses = order.attempts.iter().map(|attempt| attempt.status.as_ref().map(ToString::to_string));
    (order.state(NOW), order.is_paid(), statuses.collect())
}

fn permutations<T: Clone>(all: &[T]) -> Vec<Vec<T>> {
    if all.is_empty() {
        return vec![Vec::new()];
    }
    let beginning_with = |first: usize| {
        let mut rest = all.to_vec();
        let first = rest.remove(first);
        permutations(&rest).into_iter().map(move |rest| [vec![first.clone()], rest].concat()).collect::<Vec<_>>()
    };
    (0..all.len()).flat_map(beginning_with).collect()
}

/// Hears the reports in every order, each also twice and once more at the end; all must end alike.
fn ends_alike(payments: &[&str], reports: &[Statement]) -> Order {
    let mut first: Option<Order> = None;
    for reports in permutations(reports) {
        let mut heard = order(payments);
        for report in reports.iter().flat_map(|report| [report, report]).chain(&reports) {
            heard.hear(report);
        }
        let first = first.get_or_insert_with(|| heard.clone());
        let order_of_arrival: Vec<_> = reports.iter().map(|report| (&report.payment_id, report.status.as_str())).collect();
        assert_eq!(ending(&heard), ending(first), "{order_of_arrival:?}");
    }
    first.expect("at least one order of arrival")
}

#[test]
fn reports_about_one_attempt_end_alike_in_every_order() {
    for (statuses, state) in [
        (&["processing", "awaiting redirect result", "awaiting customer", "external processing"][..], OrderState::Processing),
        (&["processing", "awaiting redirect result", "decline"], OrderState::Declined),
        (&["processing", "awaiting redirect result", "decline", "success"], OrderState::Paid),
        (&["processing", "awaiting redirect result", "decline", "success", "partially refunded"], OrderState::PartiallyRefunded),
        (&["processing", "decline", "success", "partially refunded", "refunded", "a new one"], OrderState::Refunded),
        (&["awaiting 3ds result", "awaiting confirmation", "a new one", "another new one", "processing"], OrderState::Processing),
        (&["success", "reversed", "partially reversed"], OrderState::Refunded),
    ] {
        let reports: Vec<_> = statuses.iter().map(|status| told("a", status)).collect();
        assert_eq!(ends_alike(&["a"], &reports).state(NOW), state, "{statuses:?}");
    }
}

#[test]
fn reports_about_two_attempts_end_alike_in_every_order() {
    let all = |pairs: &[(&str, &str)]| pairs.iter().map(|(id, status)| told(id, status)).collect::<Vec<_>>();
    for (reports, state) in [
        (all(&[("a", "processing"), ("a", "decline"), ("b", "processing"), ("b", "success")]), OrderState::Paid),
        (
            all(&[("a", "decline"), ("a", "success"), ("b", "awaiting redirect result"), ("b", "decline"), ("b", "processing")]),
            OrderState::Paid,
        ),
        (all(&[("a", "decline"), ("b", "decline"), ("a", "processing"), ("b", "processing")]), OrderState::Declined),
        (
            all(&[("a", "success"), ("b", "decline"), ("a", "partially refunded"), ("b", "processing"), ("a", "processing")]),
            OrderState::PartiallyRefunded,
        ),
        (all(&[("a", "decline"), ("b", "processing")]), OrderState::Processing),
        (all(&[("b", "decline"), ("a", "processing")]), OrderState::Declined),
        (all(&[("b", "error"), ("a", "decline")]), OrderState::Failed),
        (all(&[("b", "expired"), ("a", "decline")]), OrderState::Expired),
        (all(&[("a", "success"), ("a", "refunded"), ("b", "decline"), ("b", "processing")]), OrderState::Refunded),
    ] {
        assert_eq!(ends_alike(&["a", "b"], &reports).state(NOW), state);
    }
}

/// What comes first decides here, and a person looks: a refunded order is not paid again behind the merchant's back.
#[test]
fn money_that_comes_after_the_order_was_refunded_does_not_make_it_paid_again() {
    let mut order = order(&["a", "b"]);
    for status in ["success", "refunded"] {
        order.hear(&told("a", status));
    }
    assert_eq!(order.hear(&told("b", "success")), Some(Heard::PaidTwice));
    assert_eq!(order.state(NOW), OrderState::Refunded);
    assert!(order.attempt("b").is_some_and(Attempt::keeps_money));
}

#[test]
fn two_successes_pay_once_and_are_seen_twice_in_every_order() {
    let reports = ["a", "b"].map(|id| [told(id, "processing"), told(id, "decline"), told(id, "success")]).concat();
    for reports in permutations(&reports) {
        let mut order = order(&["a", "b"]);
        let heard: Vec<_> = reports.iter().filter_map(|report| order.hear(report)).collect();
        assert!(order.is_paid());
        assert_eq!(heard.iter().filter(|heard| **heard == Heard::PaidTwice).count(), 1, "{heard:?}");
        let again: Vec<_> = reports.iter().filter_map(|report| order.hear(report)).collect();
        assert!(again.iter().all(|heard| *heard == Heard::Unchanged), "{again:?}");
    }
}

/// Everything the platform's documents list (protocol.md 5.4), by what it means for money.
const OPEN: [&str; 21] = [
    "invoice sent",
    "scheduled recurring processing",
    "processing",
    "external processing",
    "awaiting merchant auth",
    "awaiting approval",
    "awaiting clarify data",
    "awaiting clarification",
    "awaiting 3ds result",
    "awaiting redirect result",
    "awaiting customer action",
    "awaiting customer",
    "awaiting payment",
    "awaiting confirmation",
    "awaiting retry",
    "awaiting capture",
    "awaiting partially clearing",
    "awaiting clearing",
    "clearing processing",
    "partially paid",
    "partially paid out",
];
const DECLINED: [&str; 9] = [
    "invoice cancelled",
    "expired",
    "decline",
    "decline renewal",
    "error",
    "internal error",
    "external error",
    "canceled",
    "cancelled",
];
const SUCCEEDED: [&str; 1] = ["success"];
const PART_BACK: [&str; 2] = ["partially reversed", "partially refunded"];
const ALL_BACK: [&str; 2] = ["reversed", "refunded"];

/// Which of two standings stays, whichever came first: the rule in full.
/// Rows: what is known. Columns: what is told, in the same order as the rows.
/// `k`: the known one stays. `t`: the told one takes over. `d`: the platform's date decides.
const RULE: [(&str, &str); 5] = [
    ("open", "dtttt"),
    ("declined", "kdttt"),
    ("succeeded", "kkdtt"),
    ("part of the money back", "kkkdt"),
    ("all of the money back", "kkkkd"),
];

fn standings() -> [&'static [&'static str]; 5] {
    [&OPEN, &DECLINED, &SUCCEEDED, &PART_BACK, &ALL_BACK]
}

/// The status an attempt ends with after two reports.
fn after(known: &Statement, later: &Statement) -> String {
    let mut order = order(&["a"]);
    order.hear(known);
    order.hear(later);
    order.attempts[0].status.as_ref().map(ToString::to_string).expect("a status")
}

#[test]
fn every_known_status_after_every_other_follows_the_rule() {
    let mut pairs = 0;
    for ((name, row), known_statuses) in RULE.iter().zip(standings()) {
        for (rule, told_statuses) in row.chars().zip(standings()) {
            for (known, later) in known_statuses.iter().flat_map(|known| told_statuses.iter().map(move |later| (*known, *later))) {
                pairs += 1;
                for (known_at, later_at) in [(0, 0), (NOW, NOW), (NOW, NOW + 1), (NOW + 1, NOW), (NOW, 0)] {
                    let stays = after(&report("a", known, known_at), &report("a", later, later_at));
                    let expected = match (rule, later_at > known_at, later_at == known_at) {
                        ('k', _, _) | ('d', false, false) => known,
                        ('t', _, _) | ('d', true, _) => later,
                        // Of the same date: whichever it is, it is the same one the other way round.
                        _ => &after(&report("a", later, later_at), &report("a", known, known_at)),
                    };
                    assert_eq!(stays, expected, "{name}: {later:?} of {later_at} after {known:?} of {known_at}");
                }
            }
        }
    }
    assert_eq!(pairs, 35 * 35);
}

#[test]
fn every_known_status_pays_only_if_it_says_so() {
    for status in standings().concat() {
        let mut order = order(&["a"]);
        order.hear(&told("a", status));
        let paid = SUCCEEDED.contains(&status) || PART_BACK.contains(&status) || ALL_BACK.contains(&status);
        assert_eq!(order.is_paid(), paid, "{status}");
        assert_eq!(order.state(NOW).is_payable(), !paid, "{status}");
    }
}

#[test]
fn an_unknown_status_is_open_and_kept_as_it_came() {
    for status in ["Success", "SUCCESS", "success ", " success", "succes", "paid", "declined", "awaiting the tide", "환불", ""] {
        let mut order = order(&["a"]);
        order.hear(&told("a", status));
        assert_eq!(order.attempts[0].status.as_ref().map(PaymentStatus::as_str), Some(status));
        assert!(!order.is_paid() && order.state(NOW) == OrderState::Processing, "{status:?}");
        assert_eq!(order.hear(&told("a", "success")), Some(Heard::Moved), "{status:?}");
    }
}

#[test]
fn a_wrong_amount_never_pays() {
    let right = told("a", "success");
    for sum in [
        (349, "EUR"),
        (351, "EUR"),
        (35_000, "EUR"),
        (3, "EUR"),
        (0, "EUR"),
        (u64::MAX, "EUR"),
        (350, "KRW"),
        (350, "eur"),
        (350, ""),
    ] {
        let wrong = Some((sum.0, sum.1.to_owned()));
        for report in [
            Statement { payment_sum: wrong.clone(), ..right.clone() },
            Statement { event: sale(operation(wrong.clone(), "success")), ..right.clone() },
            Statement { payment_sum: wrong.clone(), event: sale(operation(wrong.clone(), "success")), ..right.clone() },
            Statement {
                payment_sum: wrong.clone(),
                event: Event::Payment(StatedOperation::default(), NextStep::default()),
                ..right.clone()
            },
        ] {
            let mut order = order(&["a"]);
            assert_eq!(order.hear(&report), Some(Heard::Contradicts(Contradiction::WrongAmount)), "{sum:?}");
            assert_eq!((order.is_paid(), order.attempts[0].status.clone()), (false, None), "{sum:?}");
        }
    }
}

#[test]
fn a_success_that_proves_no_sale_never_pays() {
    let right = told("a", "success");
    let sum = || Some((350, "EUR".to_owned()));
    for (report, heard) in [
        (Statement { payment_sum: None, ..right.clone() }, Heard::Contradicts(Contradiction::Incomplete)),
        (Statement { event: sale(operation(sum(), "decline")), ..right.clone() }, Heard::Contradicts(Contradiction::Incomplete)),
        (Statement { event: refund(operation(sum(), "success")), ..right.clone() }, Heard::Unchanged),
        (Statement { event: other(operation(sum(), "success")), ..right.clone() }, Heard::Contradicts(Contradiction::Incomplete)),
    ] {
        let mut order = order(&["a"]);
        assert_eq!(order.hear(&report), Some(heard), "{report:?}");
        assert!(!order.is_paid(), "{report:?}");
    }
    assert_eq!(order(&["a"]).hear(&told("somebody else's", "success")), None);
    assert_eq!(order(&["A"]).hear(&told("a", "success")), Some(Heard::Moved), "the platform does not tell cases apart");
}

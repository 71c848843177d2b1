//! Tests: each kind of difference, and everything that is none.

use super::{
    DifferenceKind::{Amount, Duplicate, Extra, Missing, Status},
    *,
};
use crate::domain::day::TimeSpan;
use crate::domain::{
    money::{Currency, Money},
    transfers::progress::Outcome,
};

const DAY: i64 = 24 * 60 * 60;
const INTERVAL: TimeSpan = TimeSpan { from: 100 * DAY, before: 101 * DAY };
const BEGUN: i64 = 100 * DAY + 500;
const SOON: i64 = BEGUN + 60;
const LATE: i64 = BEGUN + 40 * DAY;

fn euro(minor: u64) -> Money {
    Money::from_minor(minor, Currency::EUR).unwrap()
}

fn sale(state: Outcome) -> Known {
    Known {
        movement: ComparedKind::Sale,
        name: None,
        payment_id: "P-1".to_owned(),
        operation_id: None,
        amount: euro(1250),
        state,
        was_told: state != Outcome::UnderWay,
        at: BEGUN,
        limit_s: DAY,
    }
}

fn refund(name: &str, operation_id: Option<&str>, minor: u64, state: Outcome) -> Known {
    Known {
        movement: ComparedKind::Refund,
        name: Some(name.to_owned()),
        operation_id: operation_id.map(str::to_owned),
        amount: euro(minor),
        was_told: operation_id.is_some() && state != Outcome::UnderWay,
        ..sale(state)
    }
}

fn row(number: &str, movement: ComparedKind, minor: u64, state: Outcome) -> Registered {
    let (operation_id, payment_id) = (number.to_owned(), "p-1".to_owned());
    Registered { movement, operation_id, payment_id, name: None, amount: euro(minor), state, at: BEGUN + 20 }
}

fn paid(number: &str) -> Registered {
    row(number, ComparedKind::Sale, 1250, Outcome::Succeeded)
}

fn kinds(shop: &[Known], register: &[Registered], now: i64) -> Vec<&'static str> {
    let differences = compare(shop, register, INTERVAL, now);
    for difference in &differences {
        let advice = difference.advice();
        assert!(advice.ends_with('.') && advice.matches(". ").count() == 0, "one sentence: {advice}");
        assert_eq!(difference.payment_id.to_lowercase(), "p-1");
    }
    differences.iter().map(|difference| difference.kind.name()).collect()
}

#[test]
fn what_agrees_is_no_difference() {
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[paid("1")], SOON), [""; 0]);
    assert_eq!(kinds(&[sale(Outcome::Declined)], &[row("1", ComparedKind::Sale, 1250, Outcome::Declined)], SOON), [""; 0]);
    assert_eq!(kinds(&[], &[], SOON), [""; 0]);
}

#[test]
fn each_kind_is_found() {
    let shop = [sale(Outcome::Succeeded)];
    assert_eq!(kinds(&shop, &[], SOON), [Missing.name()]);
    assert_eq!(kinds(&[], &[paid("1")], SOON), [Extra.name()]);
    assert_eq!(kinds(&shop, &[row("1", ComparedKind::Sale, 1251, Outcome::Succeeded)], SOON), [Amount.name()]);
    let dollars = Registered { amount: Money::from_minor(1250, Currency::USD).unwrap(), ..paid("1") };
    assert_eq!(kinds(&shop, &[dollars], SOON), [DifferenceKind::Currency.name()]);
    assert_eq!(kinds(&shop, &[row("1", ComparedKind::Sale, 1250, Outcome::Declined)], SOON), [Status.name()]);
    assert_eq!(kinds(&shop, &[paid("1"), paid("1"), paid("1")], SOON), [Duplicate.name()]);
}

#[test]
fn every_pair_of_states_of_a_sale_is_judged() {
    use Outcome::{Declined, Succeeded, UnderWay};
    let limit_over = LATE;
    for (shop, register, now, found) in [
        (UnderWay, None, SOON, None),
        (UnderWay, None, limit_over, None),
        (Declined, None, SOON, Some(Missing)),
        (Succeeded, None, SOON, Some(Missing)),
        (UnderWay, Some(UnderWay), SOON, None),
        (UnderWay, Some(UnderWay), limit_over, Some(Status)),
        (UnderWay, Some(Declined), SOON, None),
        (UnderWay, Some(Declined), limit_over, None),
        (UnderWay, Some(Succeeded), SOON, Some(Status)),
        (Declined, Some(UnderWay), SOON, None),
        (Declined, Some(Succeeded), SOON, Some(Status)),
        (Succeeded, Some(UnderWay), SOON, None),
        (Succeeded, Some(UnderWay), limit_over, Some(Status)),
        (Succeeded, Some(Declined), SOON, Some(Status)),
    ] {
        let rows: Vec<_> = register.into_iter().map(|state| row("1", ComparedKind::Sale, 1250, state)).collect();
        let expected: Vec<_> = found.into_iter().map(DifferenceKind::name).collect();
        assert_eq!(kinds(&[sale(shop)], &rows, now), expected, "{shop:?} beside {register:?}");
    }
}

#[test]
fn a_decline_without_an_operation_need_not_be_registered() {
    assert_eq!(kinds(&[Known { was_told: false, ..sale(Outcome::Declined) }], &[], LATE), [""; 0]);
}

#[test]
fn of_several_tries_a_success_counts_else_the_last() {
    let declined = |number| row(number, ComparedKind::Sale, 1250, Outcome::Declined);
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[declined("9"), paid("10")], SOON), [""; 0]);
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[paid("9"), declined("10")], SOON), [""; 0]);
    assert_eq!(kinds(&[sale(Outcome::Declined)], &[declined("9"), paid("10")], SOON), ["status"]);
    let open = row("10", ComparedKind::Sale, 1250, Outcome::UnderWay);
    assert_eq!(kinds(&[sale(Outcome::Declined)], &[open, declined("9")], LATE), ["status"], "the tenth is the last");
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[paid("9"), paid("10")], SOON), ["duplicate"], "paid twice");
}

#[test]
fn refunds_are_paired_by_number_then_by_name_then_by_sum() {
    let told = |number, name: Option<&str>, minor| Registered {
        name: name.map(str::to_owned),
        ..row(number, ComparedKind::Refund, minor, Outcome::Succeeded)
    };
    let shop = [
        sale(Outcome::Succeeded),
        refund("a", Some("2"), 100, Outcome::Succeeded),
        refund("b", None, 100, Outcome::Succeeded),
        refund("c", None, 100, Outcome::Succeeded),
    ];
    let register = [paid("1"), told("3", Some("c"), 100), told("4", None, 100), told("2", None, 100)];
    assert_eq!(kinds(&shop, &register, SOON), [""; 0]);
    assert_eq!(kinds(&shop, &[register.as_slice(), &[told("5", None, 100)]].concat(), SOON), ["extra"]);
    assert_eq!(kinds(&shop, &register[..3], SOON), ["missing"]);
    assert_eq!(kinds(&shop[..2], &[paid("1"), told("2", None, 101)], SOON), ["amount"]);
}

#[test]
fn a_refund_ends_alike_on_both_sides() {
    let at = |state| row("2", ComparedKind::Refund, 100, state);
    let beside = |shop: Known, register: &[Registered], now| {
        kinds(&[sale(Outcome::Succeeded), shop], &[&[paid("1")], register].concat(), now)
    };
    let pending = || refund("a", None, 100, Outcome::UnderWay);
    assert_eq!(beside(pending(), &[], SOON), [""; 0]);
    assert_eq!(beside(pending(), &[], LATE), ["missing"], "asked for and never seen again");
    assert_eq!(beside(pending(), &[at(Outcome::UnderWay)], SOON), [""; 0]);
    assert_eq!(beside(pending(), &[at(Outcome::UnderWay)], LATE), ["status"]);
    assert_eq!(beside(pending(), &[at(Outcome::Succeeded)], SOON), ["status"]);
    assert_eq!(beside(pending(), &[at(Outcome::Declined)], SOON), ["status"]);
    let refused = refund("a", None, 100, Outcome::Declined);
    assert_eq!(beside(refused, &[], LATE), [""; 0], "refused at once, it never was an operation");
    assert_eq!(beside(refund("a", Some("2"), 100, Outcome::Declined), &[], SOON), ["missing"]);
    assert_eq!(beside(refund("a", Some("2"), 100, Outcome::Declined), &[at(Outcome::Succeeded)], SOON), ["status"]);
    assert_eq!(
        kinds(&[sale(Outcome::Succeeded)], &[paid("1"), at(Outcome::Declined)], SOON),
        [""; 0],
        "made elsewhere, nothing moved"
    );
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[paid("1"), at(Outcome::UnderWay)], SOON), [""; 0]);
}

#[test]
fn what_the_shop_never_asks_for_is_extra() {
    for movement in [ComparedKind::Other, ComparedKind::Payout] {
        let odd = row("2", movement, 100, Outcome::Succeeded);
        assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[paid("1"), odd], SOON), ["extra"]);
    }
}

#[test]
fn what_began_within_the_interval_on_one_side_counts_and_nothing_else() {
    let last_second = INTERVAL.before - 1;
    let known = |at| Known { at, ..sale(Outcome::Declined) };
    let told = |at| Registered { at, ..paid("1") };
    for (shop_at, register_at, found) in [
        (last_second, INTERVAL.before + 30 * DAY, true),
        (INTERVAL.from - 30 * DAY, INTERVAL.from, true),
        (INTERVAL.from - 1, INTERVAL.before, false),
        (INTERVAL.from - 2, INTERVAL.from - 1, false),
    ] {
        assert_eq!(!kinds(&[known(shop_at)], &[told(register_at)], LATE).is_empty(), found, "{shop_at} {register_at}");
    }
    assert_eq!(kinds(&[known(INTERVAL.before)], &[], LATE), [""; 0]);
    assert_eq!(kinds(&[], &[told(INTERVAL.from - 1)], LATE), [""; 0]);
    let twice = told(INTERVAL.before);
    assert_eq!(kinds(&[sale(Outcome::Succeeded)], &[twice.clone(), twice], LATE), [""; 0]);
}

#[test]
fn the_platform_is_asked_where_its_answer_may_settle_it() {
    use Outcome::{Declined, Succeeded, UnderWay};
    use Remedy::{Ask, CompareAgain};
    let of = |shop: &[Known], register: &[Registered]| {
        compare(shop, register, INTERVAL, LATE).iter().map(Difference::remedy).collect::<Vec<_>>()
    };
    let sold = |state| row("1", ComparedKind::Sale, 1250, state);
    assert_eq!(of(&[sale(UnderWay)], &[sold(Succeeded)]), [Ask], "never heard of");
    assert_eq!(of(&[sale(Declined)], &[sold(Succeeded)]), [Ask], "a success outweighs a decline");
    assert_eq!(of(&[sale(Succeeded)], &[sold(Declined)]), [CompareAgain], "no word takes a success back");
    assert_eq!(of(&[sale(Succeeded)], &[]), [CompareAgain], "the register may be late");
    assert_eq!(of(&[sale(Succeeded)], &[row("1", ComparedKind::Sale, 1251, Succeeded)]), [CompareAgain]);
    assert_eq!(of(&[sale(Succeeded)], &[paid("1"), paid("1")]), [CompareAgain]);
    let pending = refund("a", None, 100, UnderWay);
    assert_eq!(of(&[sale(Succeeded), pending], &[paid("1")]), [Ask], "it never arrived, or it ended");
    for (movement, remedy) in [(ComparedKind::Refund, Ask), (ComparedKind::Payout, Ask), (ComparedKind::Other, CompareAgain)] {
        assert_eq!(of(&[sale(Succeeded)], &[paid("1"), row("2", movement, 100, Succeeded)]), [remedy], "{movement:?}");
    }
    assert_eq!(of(&[], &[paid("1")]), [Ask], "what is told of it becomes a case");
}

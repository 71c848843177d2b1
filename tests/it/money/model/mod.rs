//! Whatever happens in whatever order: the books tell what the platform told, no more is asked to leave than is there, and
//! nothing is sent twice. Random days of a few shops, beside a plain count of what was told.

mod day;
mod leaving;
mod reference;

use std::{
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};

use crate::money::model::day::Day;

/// How many shops, and how much happens in each.
const SHOPS: u32 = 4;
const STEPS: usize = 50;
/// How often a day that fails is tried in a shorter form.
const SHORTER_DAYS: u32 = 8;

/// Something that happens. Numbers choose among what there is, shares are percents of a payment.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Nothing,
    /// A customer orders in one of three markets and goes to the wallet or bank.
    Submit(usize),
    /// The customer of an order begins another payment.
    PayAgain(usize),
    /// The customer comes back to the shop.
    Return(usize),
    Decide(usize, Decision),
    /// A day goes by at the shop and at the platform, which declines what is unfinished then.
    Expire,
    /// An operator asks the platform about an order.
    Poll(usize),
    /// Minutes go by, and the shop asks by itself.
    Wait,
    /// The platform sends all callbacks of a payment again, those that were lost, too.
    SendAgain(usize),
    /// A callback that arrived comes three times more, at once.
    Duplicate(usize),
    /// A true callback, in words that leave a doubt.
    Doubt(usize),
    /// A person accepts what waits.
    Accept,
    RefundHere(usize, u64),
    /// A refund is asked for under the same name once more.
    RefundAgain(usize),
    /// Somebody gives money back at the platform.
    RefundElsewhere(usize, u64),
    /// The platform tells of a refund made elsewhere, whether or not so much is left.
    RefundTold(usize, u64),
    PayOut(usize),
    PayOutAgain(usize),
    /// From now on.
    Callbacks(Fate),
    Answers(Fate),
    Restart,
}

/// What the customer presses at the wallet or bank.
#[derive(Debug, Clone, Copy)]
pub enum Decision {
    Approve,
    Decline,
    Cancel,
}

/// What becomes of something on its way.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    Arrives,
    /// Of callbacks: in any order, and more than once. Of Gate's answers: they are lost, though the requests arrived.
    Suffers,
    /// Of callbacks: none comes. Of requests and questions to Gate: none arrives.
    IsLost,
}

fn step() -> impl Strategy<Value = Step> {
    // Often one of the first, so that much happens to it; else any.
    let any = || prop_oneof![2 => 0..3_usize, 1 => 0..60_usize];
    let fate = || prop_oneof![2 => Just(Fate::Arrives), 1 => Just(Fate::Suffers), 1 => Just(Fate::IsLost)];
    let decision = prop_oneof![4 => Just(Decision::Approve), 1 => Just(Decision::Decline), 1 => Just(Decision::Cancel)];
    let share = || prop_oneof![3 => 1..=60_u64, 2 => Just(100_u64)];
    prop_oneof![
        1 => Just(Step::Nothing),
        2 => any().prop_map(Step::Submit),
        2 => any().prop_map(Step::PayAgain),
        2 => any().prop_map(Step::Return),
        8 => (any(), decision).prop_map(|(at, decision)| Step::Decide(at, decision)),
        1 => Just(Step::Expire),
        3 => any().prop_map(Step::Poll),
        2 => Just(Step::Wait),
        2 => any().prop_map(Step::SendAgain),
        2 => any().prop_map(Step::Duplicate),
        2 => any().prop_map(Step::Doubt),
        2 => Just(Step::Accept),
        6 => (any(), share()).prop_map(|(at, share)| Step::RefundHere(at, share)),
        2 => any().prop_map(Step::RefundAgain),
        2 => (any(), share()).prop_map(|(at, share)| Step::RefundElsewhere(at, share)),
        3 => (any(), share()).prop_map(|(at, share)| Step::RefundTold(at, share)),
        3 => any().prop_map(Step::PayOut),
        2 => any().prop_map(Step::PayOutAgain),
        3 => fate().prop_map(Step::Callbacks),
        3 => fate().prop_map(Step::Answers),
        1 => Just(Step::Restart),
    ]
}

async fn goes_by(steps: &[Step], steps_taken: &AtomicUsize) {
    let mut day = Day::begins().await;
    for step in steps {
        day.goes_on(*step).await;
        day.books_tell_what_was_told().await;
        steps_taken.fetch_add(1, Ordering::Relaxed);
    }
    day.ends().await;
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[test]
fn whatever_happens_the_books_tell_what_was_told_and_nothing_leaves_twice() {
    let runtime = runtime();
    let config = Config { cases: SHOPS, max_shrink_iters: SHORTER_DAYS, failure_persistence: None, ..Config::default() };
    let steps_taken = AtomicUsize::new(0);
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), STEPS), |steps| {
        runtime.block_on(goes_by(&steps, &steps_taken));
        Ok(())
    });
    // Past the capture of what tests print: whoever runs it sees how much was tried.
    let _ = writeln!(std::io::stderr(), "money model: {} steps in {SHOPS} shops", steps_taken.load(Ordering::Relaxed));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!("{why}\nafter {steps:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// Days that went wrong once.
const WENT_WRONG: [&[Step]; 2] = [
    // Paid while nobody heard of it, and never asked about once its limit time was over.
    &[
        Step::Callbacks(Fate::IsLost),
        Step::Answers(Fate::IsLost),
        Step::Decide(0, Decision::Approve),
        Step::Expire,
        Step::Expire,
        // Meanwhile the shop looks by itself.
        Step::Submit(0),
        Step::Submit(1),
    ],
    // More was told to go back than had come, and the books agreed.
    &[Step::Decide(0, Decision::Approve), Step::RefundTold(0, 100), Step::RefundTold(0, 60)],
];

#[test]
fn days_that_once_went_wrong_go_right() {
    for steps in WENT_WRONG {
        runtime().block_on(goes_by(steps, &AtomicUsize::new(0)));
    }
}

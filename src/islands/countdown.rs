//! Counts down what the server wrote as minutes.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{IntervalHandle, set_interval_with_handle},
    prelude::*,
};

use super::dom::element;

const TICK: Duration = Duration::from_secs(1);

/// Stands beside `<time id="countdown" data-seconds="…">`.
#[island]
pub fn Countdown() -> impl IntoView {
    Effect::new(|_| start());
    view! { <span hidden=true></span> }
}

/// By the seconds the server counted: the customer's clock may be wrong.
fn start() -> Option<()> {
    let time = element("countdown")?;
    let whole: i64 = time.get_attribute("data-seconds")?.parse().ok()?;
    let began = now();
    let handle = StoredValue::new(None::<IntervalHandle>);
    let tick = move || {
        let left = (whole - (now() - began)).max(0);
        if left == 0 {
            handle.get_value().iter().for_each(IntervalHandle::clear);
        }
        time.set_text_content(Some(&format!("{}:{:02}", left / 60, left % 60)));
    };
    tick();
    handle.set_value(set_interval_with_handle(tick, TICK).ok());
    Some(())
}

/// Seconds that go on while the page sleeps in the back/forward cache.
fn now() -> i64 {
    js_sys::Date::now() as i64 / 1000
}

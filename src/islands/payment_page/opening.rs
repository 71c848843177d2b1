//! Opens the Payment Page in or over the checkout, if the shop is set so.
//!
//! The form works without this: it leads to the Payment Page in the tab. Whatever goes wrong here (the script is blocked, slow
//! or another one; the frame is refused or silent), the same payment goes on that way.

use std::rc::Rc;

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local, web_sys::HtmlFormElement};
use wasm_bindgen_futures::JsFuture;

use super::{epay_widget, frame::PaymentFrame, frame_guard, patience::within_patience, signed_payment};
use crate::islands::dom::{element_as, is_restored, on, window};
use crate::platform::Opening;

/// In a window this small the Payment Page has the tab to itself.
const SMALL_SCREEN: &str = "(max-width: 640px), (max-height: 480px)";

/// Stands after the checkout form, when the Payment Page is to open in a frame.
#[island]
pub fn PaymentOpening() -> impl IntoView {
    Effect::new(|_| prepare());
    view! { <span hidden=true></span> }
}

fn prepare() -> Option<()> {
    let form: HtmlFormElement = element_as("checkout")?;
    let opening = Opening::from_code(&form.get_attribute("data-opening")?)?;
    if is_small_screen() {
        return None;
    }
    let payment_page = form.get_attribute("data-payment-page")?;
    let frame = PaymentFrame::new(form.clone(), opening);
    let leaving = frame.clone();
    frame_guard::stand(&payment_page, move || leaving.go_by_redirect())?;
    let script = epay_widget::load(&payment_page)?;

    let (window, restored) = (window()?, frame.clone());
    on(&window, "pageshow", move |event| {
        // What was open when the page was left is over; the form is as it was.
        if is_restored(&event) {
            restored.close();
        }
    })?;
    let (submitted, frame) = (form.clone(), Rc::clone(&frame));
    on(&submitted, "submit", move |event| {
        if frame.is_busy() {
            event.prevent_default();
        } else if !event.default_prevented() && !is_small_screen() {
            event.prevent_default();
            let turn = frame.begin();
            spawn_local(open(form.clone(), frame.clone(), script.clone(), turn));
        }
    })
}

fn is_small_screen() -> bool {
    let query = window().and_then(|window| window.match_media(SMALL_SCREEN).ok()?);
    query.is_none_or(|query| query.matches())
}

/// If the customer leaves the page meanwhile and comes back, this opening is over and the form is as it was.
async fn open(form: HtmlFormElement, frame: Rc<PaymentFrame>, script: Promise, turn: u32) {
    let answer = signed_payment::ask_for(&form).await;
    if !frame.is_still(turn) {
        return;
    }
    let Some(payment) = answer else {
        // The server answered something else, which is shown by sending the form. It makes no second payment of the same form.
        let _ = form.submit();
        return;
    };
    frame.knows(&payment);
    let _ = JsFuture::from(within_patience(&script)).await;
    if !frame.is_still(turn) {
        return;
    }
    if epay_widget::is_there() { frame.open(payment) } else { frame.go_by_redirect() }
}

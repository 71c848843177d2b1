//! The Payment Page in its frame: what the customer sees around it, and where each of its hints leads.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use js_sys::{JSON, Reflect};
use leptos::{
    prelude::set_timeout,
    web_sys::{HtmlButtonElement, HtmlElement, HtmlFormElement},
};
use wasm_bindgen::JsCast;

use super::{
    epay_widget::{Config, Handler},
    frame_guard,
    patience::PATIENCE_MS,
    signed_payment::SignedPayment,
};
use crate::islands::{
    dom::{self, element, element_as, language, on, window},
    order_events,
};
use crate::{
    i18n::td_string,
    platform::{Opening, PaymentStatus, Standing},
};

/// The frame's place on the checkout page. There is one.
pub struct PaymentFrame {
    form: HtmlFormElement,
    opening: Opening,
    stage: Cell<Stage>,
    /// Counts openings, so that a timer or message of an earlier one is ignored.
    turn: Cell<u32>,
    payment: RefCell<Option<Known>>,
}

/// Where a payment of this page can go on without its frame.
struct Known {
    order: String,
    address: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Closed,
    /// Pay was pressed; the Payment Page has not spoken yet.
    Opening,
    Open,
    /// The Payment Page has shown a result: a hint, no proof.
    Told,
}

impl PaymentFrame {
    pub fn new(form: HtmlFormElement, opening: Opening) -> Rc<Self> {
        let frame =
            Rc::new(Self { form, opening, stage: Cell::new(Stage::Closed), turn: Cell::new(0), payment: RefCell::default() });
        let closing = frame.clone();
        element("payment-close").and_then(|button| on(&button, "click", move |_| closing.close()));
        let closing = frame.clone();
        element("payment").and_then(|place| {
            on(&place, "keydown", move |event| {
                if dom::is_escape(&event) {
                    closing.close();
                }
            })
        });
        frame
    }

    pub fn is_busy(&self) -> bool {
        self.stage.get() != Stage::Closed
    }

    /// Pay was pressed: nothing else may start now. Returns this opening's turn.
    pub fn begin(&self) -> u32 {
        self.stage.set(Stage::Opening);
        self.turn.set(self.turn.get() + 1);
        self.say(td_string!(language(), payment.opening));
        self.mark_busy(true);
        self.turn.get()
    }

    /// Nothing has ended this opening since it began.
    pub fn is_still(&self, turn: u32) -> bool {
        self.turn.get() == turn && self.is_busy()
    }

    /// From now on the page's link, its redirect and its frame all lead to this payment.
    pub fn knows(self: &Rc<Self>, payment: &SignedPayment) {
        let known = Known { order: payment.order.clone(), address: payment.address.clone() };
        let followed = self.payment.borrow().as_ref().is_some_and(|before| before.order == known.order);
        element("payment-order").map(|link| link.set_attribute("href", &known.order));
        self.payment.replace(Some(known));
        if !followed {
            let watching = self.clone();
            order_events::follow(&payment.order, move |news| watching.heard(&news));
        }
    }

    /// The same payment in the tab.
    pub fn go_by_redirect(self: &Rc<Self>) {
        if let Some(payment) = &*self.payment.borrow() {
            lead_to(&payment.address);
        }
        // If the page is still here then, the redirect did not work: Pay can be pressed again.
        self.unless_it_goes_on(Self::close);
    }

    /// Acts if this opening has come no further when patience ends.
    fn unless_it_goes_on(self: &Rc<Self>, act: impl Fn(&Rc<Self>) + 'static) {
        let (waiting, turn) = (self.clone(), self.turn.get());
        let end = move || {
            if waiting.turn.get() == turn && waiting.stage.get() == Stage::Opening {
                act(&waiting);
            }
        };
        set_timeout(end, Duration::from_millis(PATIENCE_MS.unsigned_abs().into()));
    }

    pub fn open(self: &Rc<Self>, payment: SignedPayment) {
        let mut config = Config::signed(payment.parameters);
        if self.opening == Opening::Iframe {
            self.show_place(true);
            match element("payment-page") {
                Some(place) => config = config.in_element(&place),
                None => return self.go_by_redirect(),
            }
        }
        if self.listening(config).run().is_err() {
            return self.go_by_redirect();
        }
        if let Some(frame) = frame_guard::frame() {
            frame.set_title(td_string!(language(), payment.frame_title));
            let _ = frame.set_attribute("allow", "payment");
        }
        dom::make_heard_over_the_page();
        self.unless_it_goes_on(Self::go_by_redirect);
    }

    fn listening(self: &Rc<Self>, config: Config) -> Config {
        // Messages of an earlier frame are ignored.
        let turn = self.turn.get();
        let act = |act: fn(&Rc<PaymentFrame>)| {
            let frame = self.clone();
            move |_| {
                if frame.turn.get() == turn {
                    act(&frame);
                }
            }
        };
        config
            .on(Handler::Loaded, act(Self::loaded))
            .on(Handler::FailLoading, act(Self::failed_to_load))
            .on(Handler::PaymentSent, act(Self::sent))
            .on(Handler::PaymentSuccess, act(|frame| frame.told(td_string!(language(), payment.checking))))
            .on(Handler::PaymentFail, act(|frame| frame.told(td_string!(language(), payment.not_through))))
            .on(Handler::Exit, act(Self::left))
            .on(Handler::Destroy, act(Self::left))
    }

    fn loaded(self: &Rc<Self>) {
        if self.stage.get() == Stage::Opening {
            self.stage.set(Stage::Open);
            self.say(td_string!(language(), payment.open));
            frame_guard::frame().map(|frame| frame.focus());
        }
    }

    /// Pay was pressed again after a decline, whose message is removed.
    fn sent(self: &Rc<Self>) {
        if self.stage.get() == Stage::Told {
            self.stage.set(Stage::Open);
            self.say(td_string!(language(), payment.open));
        }
    }

    fn failed_to_load(self: &Rc<Self>) {
        if self.stage.get() == Stage::Opening {
            self.go_by_redirect();
        }
    }

    fn told(&self, text: &str) {
        self.stage.set(Stage::Told);
        self.say(text);
    }

    /// After a result the customer is led to the order's page, before it back to the form.
    fn left(self: &Rc<Self>) {
        match self.stage.get() {
            Stage::Told => self.go_to_order(),
            Stage::Open | Stage::Opening => self.close(),
            Stage::Closed => {}
        }
    }

    /// Back to the form. The payment stays what it is; Pay opens it again.
    pub fn close(self: &Rc<Self>) {
        if !self.is_busy() {
            return;
        }
        let had_opened = self.stage.replace(Stage::Closed) != Stage::Opening;
        self.turn.set(self.turn.get() + 1);
        if let Some(place) = element("payment-page") {
            place.set_inner_html("");
        }
        // The overlay is the script's own; its cross takes it away.
        element_as::<HtmlElement>("ep-modal-close").iter().for_each(HtmlElement::click);
        self.show_place(false);
        self.mark_busy(false);
        self.say(if had_opened { td_string!(language(), payment.closed) } else { "" });
        self.pay_button().map(|button| button.focus());
    }

    /// What the order's event stream tells. A paid order is shown on its own page.
    fn heard(&self, news: &str) {
        let status = JSON::parse(news).ok().and_then(|news| Reflect::get(&news, &"status".into()).ok()?.as_string());
        if status.is_some_and(|status| PaymentStatus::new(status).standing() >= Standing::Succeeded) {
            self.go_to_order();
        }
    }

    fn go_to_order(&self) {
        if let Some(payment) = &*self.payment.borrow() {
            lead_to(&payment.order);
        }
    }

    /// The form and the frame take each other's place.
    fn show_place(&self, shown: bool) {
        self.form.set_hidden(shown);
        if let Some(place) = element_as::<HtmlElement>("payment") {
            place.set_hidden(!shown);
        }
    }

    fn mark_busy(&self, busy: bool) {
        let busy = if busy { "true" } else { "false" };
        self.pay_button().map(|button| button.set_attribute("aria-disabled", busy));
    }

    fn pay_button(&self) -> Option<HtmlButtonElement> {
        self.form.query_selector("button.pay").ok()??.dyn_into().ok()
    }

    fn say(&self, text: &str) {
        if let Some(status) = dom::status_over_the_page().or_else(|| element("payment-status")) {
            status.set_text_content(Some(text));
        }
        if let Some(link) = element_as::<HtmlElement>("payment-order") {
            link.set_hidden(self.payment.borrow().is_none());
        }
    }
}

fn lead_to(address: &str) {
    let _ = window().map(|window| window.location().assign(address));
}

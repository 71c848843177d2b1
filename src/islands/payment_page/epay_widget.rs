//! `EPayWidget`, the platform's embedding script, in types.
//!
//! It is loaded from the Payment Page's own host. What its handlers are told only hints at what happened:
//! an order is settled by callbacks and status requests, on the server.

use std::fmt;

use js_sys::{Function, Promise, Reflect};
use leptos::web_sys::{Element, HtmlLinkElement, HtmlScriptElement};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

use crate::islands::dom::window;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = EPayWidget, js_name = run)]
    fn run(config: &JsValue, method: &str) -> Result<JsValue, JsValue>;
}

named! {
    /// What the shop wants to be told by the script, each by a function of this name in its config.
    pub enum Handler {
        /// The Payment Page is there: `{width, height}`.
        Loaded = "onLoaded",
        /// It was not there in time: `{message, config}`.
        FailLoading = "onFailLoading",
        /// The customer pressed Pay.
        PaymentSent = "onPaymentSent",
        PaymentSuccess = "onPaymentSuccess",
        PaymentFail = "onPaymentFail",
        /// Closed after a result. An overlay's cross calls it in any case.
        Exit = "onExit",
        /// Closed before a result.
        Destroy = "onDestroy",
    }
}

/// The signed parameters of one payment, and who listens to it.
pub struct Config(JsValue);

/// The script is not there, or did not take the config.
#[derive(Debug)]
pub struct NotRun;

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EPayWidget did not run")
    }
}

impl Config {
    /// An object of signed parameters, as the server sent it.
    pub fn signed(parameters: JsValue) -> Self {
        Self(parameters)
    }

    /// Puts the frame into this element; without one it lies over the page. Objects are not sent, so it needs no signature.
    pub fn in_element(self, element: &Element) -> Self {
        self.with("target_element", element)
    }

    pub fn on(self, handler: Handler, act: impl Fn(JsValue) + 'static) -> Self {
        let act = Closure::<dyn Fn(JsValue)>::new(act);
        let config = self.with(handler.name(), act.as_ref());
        act.forget();
        config
    }

    fn with(self, name: &str, value: &JsValue) -> Self {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), value);
        self
    }

    /// Opens the Payment Page. The parameters travel by a form: no length is too much, and nothing stands in an address.
    pub fn run(self) -> Result<(), NotRun> {
        run(&self.0, "post").map(|_| ()).map_err(|_| NotRun)
    }
}

/// Whether the script has come and is what it should be.
pub fn is_there() -> bool {
    let widget = window().and_then(|window| Reflect::get(&window, &"EPayWidget".into()).ok());
    let run = widget.and_then(|widget| Reflect::get(&widget, &"run".into()).ok());
    run.is_some_and(|run| run.is_function())
}

/// Asks for the script and its style below this address. The promise is kept when the script came, or will not.
pub fn load(base: &str) -> Option<Promise> {
    let document = window()?.document()?;
    let head = document.query_selector("head").ok()??;
    let style: HtmlLinkElement = document.create_element("link").ok()?.dyn_into().ok()?;
    style.set_rel("stylesheet");
    style.set_href(&format!("{base}/shared/merchant.css"));
    head.append_child(&style).ok()?;

    let script: HtmlScriptElement = document.create_element("script").ok()?.dyn_into().ok()?;
    script.set_src(&format!("{base}/shared/merchant.js"));
    let settled = Promise::new(&mut |resolve: Function, _| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&resolve));
    });
    head.append_child(&script).ok()?;
    Some(settled)
}

//! Checks the checkout form while it is filled in, with the very rules the server has.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{self, HtmlFormElement, HtmlInputElement},
};

use crate::{
    domain::customer::{Email, FieldError, LastName},
    i18n::{Locale, td_string},
    platform::Method,
};

/// Stands inside the checkout form.
#[island]
pub fn CheckoutGuide() -> impl IntoView {
    Effect::new(|_| guide());
    view! { <span hidden=true></span> }
}

fn guide() -> Option<()> {
    let form = element("checkout")?.dyn_into::<HtmlFormElement>().ok()?;
    let checked = form.clone();
    on(&form, "focusout", move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field.filter(|field| !field.value().is_empty()) {
            show(&field.id(), error_of(&checked, &field.id()));
        }
    })?;
    let checked = form.clone();
    on(&form, "submit", move |event| {
        let errors: Vec<_> = FIELDS.into_iter().map(|field| (field, error_of(&checked, field))).collect();
        for (field, error) in &errors {
            show(field, *error);
        }
        if errors.iter().any(|(_, error)| error.is_some()) {
            event.prevent_default();
            summarise(&errors);
        }
    })
}

const FIELDS: [&str; 2] = ["email", "last_name"];

/// What is wrong with a field, given the chosen method. A field that is not asked for is right.
fn error_of(form: &HtmlFormElement, field: &str) -> Option<FieldError> {
    let value = element(field)?.dyn_into::<HtmlInputElement>().ok()?.value();
    let chosen = form.query_selector("[name=payment_method]:checked").ok()??.dyn_into::<HtmlInputElement>().ok()?.value();
    let rules = Method::from_code(&chosen).map(Method::rules);
    let (needed, error) = match field {
        "email" => (rules.is_some_and(|rules| rules.needs_email), Email::parse(&value).err()),
        _ => (rules.is_some_and(|rules| rules.needs_last_name), LastName::parse(&value).err()),
    };
    match error {
        Some(FieldError::Missing) if !needed => None,
        _ if field == "last_name" && !needed => None,
        error => error,
    }
}

fn show(field: &str, error: Option<FieldError>) -> Option<()> {
    let input = element(field)?;
    match error {
        Some(_) => input.set_attribute("aria-invalid", "true").ok()?,
        None => input.remove_attribute("aria-invalid").ok()?,
    }
    element(&format!("{field}-error"))?.set_text_content(error.map(|error| text(error, language())));
    Some(())
}

/// Fills the summary above the form and brings the reader to it.
fn summarise(errors: &[(&str, Option<FieldError>)]) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let summary = element("error-summary")?;
    let list = summary.query_selector("ul").ok()??;
    list.set_text_content(None);
    for (field, error) in errors {
        let Some(error) = error else { continue };
        let label = document.query_selector(&format!("label[for={field}]")).ok()??.text_content()?;
        let link = document.create_element("a").ok()?;
        link.set_attribute("href", &format!("#{field}")).ok()?;
        link.set_text_content(Some(&format!("{label}: {}", text(*error, language()))));
        let item = document.create_element("li").ok()?;
        item.append_child(&link).ok()?;
        list.append_child(&item).ok()?;
    }
    summary.remove_attribute("hidden").ok()?;
    summary.dyn_into::<web_sys::HtmlElement>().ok()?.focus().ok()
}

/// The page's language, as the server wrote it.
fn language() -> Locale {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    root.and_then(|root| root.get_attribute("lang")).and_then(|lang| lang.parse().ok()).unwrap_or_default()
}

/// The sentences of `components::fields::error_text` that can appear here.
fn text(error: FieldError, locale: Locale) -> &'static str {
    match error {
        FieldError::NotAnEmail => td_string!(locale, error.not_an_email),
        FieldError::TooShort => td_string!(locale, error.too_short),
        FieldError::TooLong => td_string!(locale, error.too_long),
        FieldError::Unsendable => td_string!(locale, error.unsendable),
        _ => td_string!(locale, error.missing),
    }
}

fn element(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

fn on(form: &HtmlFormElement, event: &str, act: impl Fn(web_sys::Event) + 'static) -> Option<()> {
    let act = Closure::<dyn Fn(web_sys::Event)>::new(act);
    form.add_event_listener_with_callback(event, act.as_ref().unchecked_ref()).ok()?;
    act.forget();
    Some(())
}

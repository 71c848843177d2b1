//! Checks the checkout form while it is filled in, with the very rules the server has.

use leptos::{
    prelude::*,
    web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement},
};
use wasm_bindgen::JsCast;

use super::{
    dom::{element, element_as, language, on, window},
    error_text::error_text,
};
use crate::{
    domain::shop::customer::{Email, FieldError, LastName, Phone},
    platform::{Method, PaymentPath},
};

/// Stands inside the checkout form.
#[island]
pub fn CheckoutGuide() -> impl IntoView {
    Effect::new(|_| guide());
    view! { <span hidden=true></span> }
}

fn guide() -> Option<()> {
    let form = element_as::<HtmlFormElement>("checkout")?;
    let checked = form.clone();
    on(&form, "focusout", move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field.filter(|field| FIELDS.contains(&field.id().as_str()) && !field.value().is_empty()) {
            show(&field.id(), error_of(&checked, &field.id()));
        }
    })?;
    let checked = form.clone();
    on(&form, "change", move |_| mark_needed(&checked))?;
    mark_needed(&form);
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

const FIELDS: [&str; 3] = ["email", "last_name", "phone"];

/// Whether the chosen method needs a field.
fn is_needed(form: &HtmlFormElement, field: &str) -> bool {
    let chosen = form.query_selector("[name=payment_method]:checked").ok().flatten();
    let chosen = chosen.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
    let rules = chosen.and_then(|code| Method::from_code(&code)).map(Method::rules);
    rules.is_some_and(|rules| match field {
        "email" => rules.needs_email,
        "last_name" => rules.needs_last_name && form.get_attribute("data-path").as_deref() == Some(PaymentPath::PaymentPage.code()),
        _ => false,
    })
}

/// Tells those who cannot see the hints which fields are needed.
fn mark_needed(form: &HtmlFormElement) {
    for field in FIELDS {
        let needed = if is_needed(form, field) { "true" } else { "false" };
        let _ = element(field).map(|input| input.set_attribute("aria-required", needed));
    }
}

/// What is wrong with a field, given the chosen method. A field that is not asked for is right.
fn error_of(form: &HtmlFormElement, field: &str) -> Option<FieldError> {
    let value = element_as::<HtmlInputElement>(field)?.value();
    let needed = is_needed(form, field);
    let error = match field {
        "email" => Email::parse(&value).err(),
        "last_name" => LastName::parse(&value).err(),
        _ => Phone::parse(&value).err(),
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
    element(&format!("{field}-error"))?.set_text_content(error.map(|error| error_text(error, language())));
    Some(())
}

/// Fills the summary above the form and brings the reader to it.
fn summarise(errors: &[(&str, Option<FieldError>)]) -> Option<()> {
    let document = window()?.document()?;
    let summary: HtmlElement = element_as("error-summary")?;
    let list = summary.query_selector("ul").ok()??;
    list.set_text_content(None);
    for (field, error) in errors {
        let Some(error) = error else { continue };
        let label = document.query_selector(&format!("label[for={field}]")).ok()??.text_content()?;
        let link = document.create_element("a").ok()?;
        link.set_attribute("href", &format!("#{field}")).ok()?;
        link.set_text_content(Some(&format!("{label}: {}", error_text(*error, language()))));
        let item = document.create_element("li").ok()?;
        item.append_child(&link).ok()?;
        list.append_child(&item).ok()?;
    }
    summary.remove_attribute("hidden").ok()?;
    summary.focus().ok()
}

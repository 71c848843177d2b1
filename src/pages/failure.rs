//! What a visitor sees when something cannot be done: plain words and a way back.

use leptos::prelude::*;

use crate::{
    error::AppError,
    i18n::{Locale, td, td_string},
};

/// Title and explanation.
pub fn words(error: AppError, locale: Locale) -> (&'static str, &'static str) {
    match error {
        AppError::NotFound => (td_string!(locale, failure.not_found_title), td_string!(locale, failure.not_found)),
        AppError::BadRequest => (td_string!(locale, failure.bad_request_title), td_string!(locale, failure.bad_request)),
        AppError::TooLarge => (td_string!(locale, failure.too_large_title), td_string!(locale, failure.too_large)),
        AppError::NotAllowed => (td_string!(locale, failure.not_allowed_title), td_string!(locale, failure.not_allowed)),
        AppError::TooSlow => (td_string!(locale, failure.too_slow_title), td_string!(locale, failure.too_slow)),
        AppError::TooOften { .. } => (td_string!(locale, failure.too_often_title), td_string!(locale, failure.too_often)),
        AppError::CrossSite => (td_string!(locale, failure.cross_site_title), td_string!(locale, failure.cross_site)),
        AppError::OtherRole => {
            ("Not with your role", "Your role in the back office does not allow this. An owner can change that.")
        }
        AppError::Unavailable => (td_string!(locale, failure.unavailable_title), td_string!(locale, failure.unavailable)),
        AppError::Internal => (td_string!(locale, failure.internal_title), td_string!(locale, failure.internal)),
    }
}

#[component]
pub fn FailurePage(error: AppError, locale: Locale) -> impl IntoView {
    let (title, text) = words(error, locale);
    view! {
        <div class="empty">
            <img src="/pictures/ship-tile.svg" alt="" width="200" height="200"/>
            <h1>{title}</h1>
            <p>{text}</p>
            <p><a class="button" href="/">{td!(locale, failure.home)}</a></p>
        </div>
    }
}

/// The same for operators, where the shop's words would mislead.
pub fn office_words(error: AppError) -> (&'static str, &'static str) {
    match error {
        AppError::NotFound => ("There is nothing here", "The address may be mistyped, or what it named is gone."),
        error => words(error, Locale::en),
    }
}

#[component]
pub fn OfficeFailurePage(title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        <p><a class="button" href="/admin">"To the back office"</a></p>
    }
}

//! A page inside the back office's frame.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;

use crate::{
    components::office::{OfficeFrame, Tab},
    domain::people::operator::Operator,
    i18n::Locale,
    server::{http::respond::Page, state::AppState},
};

/// An error as a sentence.
pub fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A page about to be sent. The back office speaks English.
pub struct Office {
    page: Page,
    tab: Option<Tab>,
}

impl Office {
    pub fn titled(title: impl Into<String>) -> Self {
        Self { page: Page::titled(title), tab: None }
    }

    /// The part of the back office it belongs to.
    pub fn under(self, tab: Tab) -> Self {
        Self { tab: Some(tab), ..self }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { page: self.page.with_status(status), ..self }
    }

    /// What was sent is not taken; the page says why.
    pub fn refused(self) -> Self {
        self.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    pub fn refused_if(self, is_refused: bool) -> Self {
        if is_refused { self.refused() } else { self }
    }

    /// For pages that change by themselves.
    pub fn refreshed_without_scripts(self) -> Self {
        Self { page: self.page.refreshed_without_scripts(), ..self }
    }

    pub fn show<V: IntoView + 'static>(
        self,
        state: &AppState,
        operator: &Operator,
        content: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        self.draw(state, Some(operator.clone()), content)
    }

    /// For somebody who is not signed in.
    pub fn show_outside<V: IntoView + 'static>(self, state: &AppState, content: impl FnOnce() -> V + Send + 'static) -> Response {
        self.draw(state, None, content)
    }

    fn draw<V: IntoView + 'static>(
        self,
        state: &AppState,
        operator: Option<Operator>,
        content: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let Self { page, tab } = self;
        let sandbox = state.config.pays_in_sandbox();
        let zone = state.config.time_zone.iana_name().unwrap_or("UTC").to_owned();
        page.document(state, Locale::en, move || {
            view! { <OfficeFrame operator=operator tab=tab zone=zone sandbox=sandbox>{content()}</OfficeFrame> }
        })
    }
}

//! Turns a page into a response: the document, its headers, and scripts only where an island is.

use std::sync::Arc;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use hydration_context::SsrSharedContext;
use leptos::{nonce::Nonce, prelude::*};

use crate::{
    app::{Document, Scripts},
    components::layout::Layout,
    i18n::Locale,
    server::{
        http::{content_security::Policy, dev_reload, visitor::Visitor},
        state::AppState,
    },
};

/// A page about to be sent.
pub struct Page {
    pub title: String,
    pub status: StatusCode,
    pub policy: Policy,
    /// Without scripts the page loads again every few seconds.
    pub refreshed: bool,
}

impl Page {
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), status: StatusCode::OK, policy: Policy::default(), refreshed: false }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// For pages that change by themselves.
    pub fn refreshed_without_scripts(self) -> Self {
        Self { refreshed: true, ..self }
    }

    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Renders the content inside the shop's layout.
    pub fn show<V: IntoView + 'static>(
        self,
        state: &AppState,
        visitor: &Visitor,
        content: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let around = visitor.surroundings(state);
        self.show_bare(state, visitor, move || view! { <Layout around=around>{content()}</Layout> })
    }

    /// Renders the content with nothing around it.
    pub fn show_bare<V: IntoView + 'static>(self, state: &AppState, visitor: &Visitor, content: impl FnOnce() -> V) -> Response {
        let document = self.document(state, visitor.locale, content);
        (visitor.choices(state), document).into_response()
    }

    /// The whole document.
    pub fn document<V: IntoView + 'static>(self, state: &AppState, locale: Locale, content: impl FnOnce() -> V) -> Response {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let (html, nonce) = owner.with(|| {
            let body = content().to_html();
            // Text and attributes are escaped, so only a real island can put this tag there.
            let islands = body.contains("<leptos-island");
            let nonce = (islands || state.config.dev_reload).then(Nonce::new);
            let scripts = Scripts { islands, reload: state.config.dev_reload.then_some(dev_reload::SCRIPT), nonce: nonce.clone() };
            let document = view! {
                <Document title=self.title locale=locale files=(*state.files).clone() body=body scripts=scripts refreshed=self.refreshed/>
            };
            (format!("<!DOCTYPE html>{}", document.to_html()), nonce)
        });
        owner.unset_with_forced_cleanup();
        let mut response = (self.status, Html(html)).into_response();
        let headers = response.headers_mut();
        // A page is personal and changes: no shared cache keeps it, and the browser asks again. A page with a refused form shows
        // what was typed, so nothing keeps it.
        let refuses = self.status == StatusCode::UNPROCESSABLE_ENTITY;
        let kept = if refuses { "no-store" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        let policies = [
            (header::CONTENT_SECURITY_POLICY, self.policy.content_security(nonce.as_ref())),
            (PERMISSIONS_POLICY, self.policy.permissions()),
        ];
        for (name, value) in policies {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

pub const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

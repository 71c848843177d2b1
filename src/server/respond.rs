//! Turns a page into a response: the document, its headers, and scripts only where an island is.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use hydration_context::SsrSharedContext;
use leptos::{nonce::Nonce, prelude::*};

use super::{dev_reload, state::AppState, visitor::Visitor};
use crate::{
    app::{Document, Scripts},
    components::layout::Layout,
};

/// A page about to be sent.
pub struct Page {
    pub title: String,
    pub status: StatusCode,
    /// An origin besides our own that this page's forms may lead to. Browsers follow redirects with this rule in hand.
    pub form_target: Option<String>,
    /// Without scripts the page loads again every few seconds.
    pub refreshed: bool,
}

impl Page {
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), status: StatusCode::OK, form_target: None, refreshed: false }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// For pages that change by themselves.
    pub fn refreshed_without_scripts(self) -> Self {
        Self { refreshed: true, ..self }
    }

    /// Lets the page's forms lead to another origin: browsers hold redirects to this, too.
    pub fn leading_to(self, origin: String) -> Self {
        Self { form_target: Some(origin), ..self }
    }

    /// Renders the content inside the shop's layout.
    pub fn show<V: IntoView + 'static>(
        self,
        state: &AppState,
        visitor: &Visitor,
        content: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let around = visitor.surroundings(state);
        let locale = visitor.locale;
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let (html, nonce) = owner.with(|| {
            let body = view! { <Layout around=around>{content()}</Layout> }.to_html();
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
        let policy = content_security_policy(nonce.as_ref(), self.form_target.as_deref());
        let mut response = (self.status, visitor.choices(state), Html(html)).into_response();
        // A page is somebody's own, and it changes: shared caches do not keep it, the browser asks again.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

fn content_security_policy(nonce: Option<&Nonce>, form_target: Option<&str>) -> String {
    let scripts = match nonce {
        Some(nonce) => format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'; "),
        None => String::new(),
    };
    let forms = form_target.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'{forms}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

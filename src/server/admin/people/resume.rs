//! After sign-in: back to where the operator was going. A form that was sent when nobody was signed in any more comes back as
//! it was typed, to be sent again by its operator's own hand.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use url::Url;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::people::resume::ResumePage,
    server::{
        admin::{office::Office, people::session},
        state::AppState,
    },
};

/// Where somebody was going, and what was typed there (empty: nothing).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Kept {
    pub address: String,
    /// As a form sends it.
    pub typed: String,
}

/// A form's fields as they were sent, but for secrets: these are typed anew, and kept nowhere.
pub fn without_secrets(body: &[u8]) -> String {
    let fields = url::form_urlencoded::parse(body).filter(|(name, _)| !(name.contains("password") || name.ends_with("code")));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Kept {
    /// The address, if it is one of the back office, and leads where it says: a browser takes out what dots take back.
    pub fn address(&self) -> &str {
        let path = self.address.split(['?', '#']).next().unwrap_or_default();
        let is_ours = path == "/admin" || path.starts_with("/admin/");
        let is_plain = self.address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let leads_there = || Url::parse(&format!("http://shop.invalid{}", self.address)).is_ok_and(|url| url.path() == path);
        if is_ours && is_plain && leads_there() { &self.address } else { "/admin" }
    }

    pub fn fields(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(without_secrets(self.typed.as_bytes()).as_bytes()).into_owned().collect()
    }
}

/// Where to go on after sign-in.
pub async fn go_on(session: &Session) -> Result<Response, AppError> {
    let kept = session::take_kept(session).await?.unwrap_or_default();
    if kept.fields().is_empty() {
        return Ok(Redirect::to(kept.address()).into_response());
    }
    session::keep(session, &kept).await?;
    Ok(Redirect::to("/admin/resume").into_response())
}

pub async fn show(State(state): State<AppState>, operator: Operator, session: Session) -> Result<Response, AppError> {
    let kept = session::take_kept(&session).await?.unwrap_or_default();
    let (address, fields) = (kept.address().to_owned(), kept.fields());
    if fields.is_empty() {
        return Ok(Redirect::to(&address).into_response());
    }
    let content = move || view! { <ResumePage address=address fields=fields/> };
    Ok(Office::titled("Signed in again").show(&state, &operator, content))
}

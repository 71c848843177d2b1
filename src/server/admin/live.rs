//! The event stream of a page of the back office: what the page compares, at once and at every change, for as long as the
//! operator's session lasts.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use futures::stream;
use tokio::time::{Interval, interval};
use tower_sessions::{Session, session::Id};

use crate::{
    error::AppError,
    server::{
        admin::people::session::{self, Sign},
        http::event_streams,
        running::{
            limits,
            places::{Most, Place},
        },
        state::AppState,
        store::StoreError,
    },
};

/// How often the store is read. It is read, instead of using a channel in memory, because another process may change it.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After so many looks, and before anything is sent, the session is checked.
const LOOKS_UNSEEN: u32 = 4;
/// After so many looks the stream ends, and the browser opens another one.
const LOOKS: u32 = 240;

/// What a look found.
pub enum News {
    Now(String),
    /// The last news of all.
    Last(String),
}

/// The session that a live page was opened in.
pub struct PageWatcher {
    state: AppState,
    session: Option<Id>,
    _place: Option<Place<Id>>,
}

impl FromRequestParts<AppState> for PageWatcher {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let session = Session::from_request_parts(parts, state).await.map_err(|_| AppError::Internal)?;
        let most = Most { of_one: limits::LIVE_PAGES_OF_ONE_SESSION, in_all: limits::LIVE_PAGES };
        let place = session.id().map(|id| state.live_pages.take(id, most)).transpose();
        let place = place.map_err(|_| AppError::TooOften { wait_s: limits::EVENT_STREAM_AGAIN_S })?;
        Ok(Self { state: state.clone(), session: session.id(), _place: place })
    }
}

/// A stream under way.
struct Watching<L> {
    watcher: PageWatcher,
    look: L,
    ticks: Interval,
    told: String,
    looks: u32,
    /// The last news was sent.
    is_over: bool,
}

impl PageWatcher {
    /// Sends what `look` finds, until it finds nothing more.
    pub fn follow<F, L>(self, look: L) -> Response
    where
        L: Fn() -> F + Send + 'static,
        F: Future<Output = Result<Option<News>, StoreError>> + Send + 'static,
    {
        let ticks = interval(LOOK_EVERY);
        let start = Watching { watcher: self, look, ticks, told: String::new(), looks: 0, is_over: false };
        event_streams::answer(stream::unfold(start, |mut watching| async move { Some((watching.next().await?, watching)) }))
    }

    /// Reads the session again: the operator may have been removed, or have signed out in another tab.
    async fn is_still_in(&self) -> bool {
        let session = Session::new(self.session, Arc::new(self.state.store.sessions()), None);
        matches!(session::operator(&self.state, &session, Sign::OfAPage).await, Ok(Some(_)))
    }
}

impl<F, L> Watching<L>
where
    L: Fn() -> F,
    F: Future<Output = Result<Option<News>, StoreError>>,
{
    async fn next(&mut self) -> Option<Result<String, StoreError>> {
        while self.looks < LOOKS && !self.is_over {
            self.looks += 1;
            tokio::select! {
                _ = self.ticks.tick() => {}
                () = self.watcher.state.stopped() => return None,
            }
            let (news, is_last) = match (self.look)().await {
                Ok(Some(News::Now(news))) => (news, false),
                Ok(Some(News::Last(news))) => (news, true),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            };
            let is_new = news != self.told;
            if (is_new || self.looks.is_multiple_of(LOOKS_UNSEEN)) && !self.watcher.is_still_in().await {
                return None;
            }
            self.is_over = is_last;
            if is_new {
                self.told.clone_from(&news);
                return Some(Ok(news));
            }
        }
        None
    }
}

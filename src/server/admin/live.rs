//! The event stream of a page of the back office: what it compares, at once and at every change, as long as the session that
//! the page was opened in lasts.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use tokio::time::{Interval, interval};
use tower_sessions::{Session, session::Id};

use crate::{
    error::AppError,
    server::{
        admin::people::session::{self, Sign},
        running::{
            limits,
            places::{Most, Place},
        },
        state::AppState,
        store::StoreError,
    },
};

/// How often the store is asked for what somebody watches. The store, not a channel in memory: another process of the shop may
/// be at work.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After so many looks, and before anything is told, it is seen whether the operator is still in.
const LOOKS_UNSEEN: u32 = 4;
/// After so many looks the browser asks anew.
const LOOKS: u32 = 240;

/// What a look found.
pub enum News {
    Now(String),
    /// Nothing more is to come.
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
    /// The last thing was told.
    is_over: bool,
}

impl PageWatcher {
    /// Tells what `look` finds until it finds nothing more.
    pub fn follow<F, L>(self, look: L) -> Response
    where
        L: Fn() -> F + Send + 'static,
        F: Future<Output = Result<Option<News>, StoreError>> + Send + 'static,
    {
        let ticks = interval(LOOK_EVERY);
        let start = Watching { watcher: self, look, ticks, told: String::new(), looks: 0, is_over: false };
        let events = stream::unfold(start, |mut watching| async move {
            let told = watching.next().await?;
            Some((told.map(|news| Event::default().event("status").data(news)), watching))
        });
        // Proxies that gather answers would keep the news from the page.
        ([("x-accel-buffering", "no")], Sse::new(events).keep_alive(KeepAlive::default())).into_response()
    }

    /// Looked up anew: who was removed, or signed out in another tab, is out here, too.
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

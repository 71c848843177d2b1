//! What every request may use.

use std::{ops::Deref, path::Path, sync::Arc};

use tokio::sync::watch;
use tower_sessions::session::Id;

use crate::{
    app::BrowserFiles,
    config::settings::Config,
    domain::{shop::product::Catalog, transfers::silence::Elapsed},
    server::{
        platform::{callbacks::refusals::Refusals, line::gate::Gate},
        running::{
            clock::SharedClock,
            paces::Paces,
            places::Places,
            proxies::Proxies,
            rates::Rates,
            readiness::Readiness,
            watching::EventStreams,
            workers::{Workers, roster::Roster},
        },
        store::Store,
    },
};

/// Cloned for every request, and more than once: that costs as much as one count.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What it consists of.
pub struct Parts {
    pub config: Arc<Config>,
    pub store: Store,
    pub catalog: Arc<Catalog>,
    pub clock: SharedClock,
    /// Names this run of the program.
    pub run: Arc<str>,
    pub gate: Arc<Gate>,
    pub files: Arc<BrowserFiles>,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Arc<Proxies>,
    /// How often each token of the API asked lately.
    pub api_rates: Arc<Rates<i64>>,
    /// How often each address asked lately.
    pub paces: Arc<Paces>,
    /// Who watches which order.
    pub event_streams: Arc<EventStreams>,
    /// Which sessions of the back office follow something.
    pub live_pages: Arc<Places<Id>>,
    /// What goes on by itself.
    pub workers: Workers,
    /// Which of several shops does what is done once.
    pub roster: Roster,
    pub readiness: Arc<Readiness>,
    /// Where refused callbacks are told.
    pub refusals: Refusals,
    /// Turns true when the shop stops, so that event streams end.
    pub stopping: watch::Receiver<bool>,
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl AppState {
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Over when the shop stops.
    pub async fn stopped(&self) {
        // An error means that the sender is gone: the shop has stopped.
        let _ = self.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    /// This moment by the clock that never steps.
    pub fn elapsed(&self) -> Elapsed {
        Elapsed { run: self.run.to_string(), seconds: self.clock.elapsed() }
    }
}

/// Finds the browser files that the build left; without them pages lack styles, yet work.
pub fn find_browser_files(site_root: &Path) -> BrowserFiles {
    let files = std::fs::read_dir(site_root.join("pkg")).into_iter().flatten().flatten();
    let styles = files.filter_map(|entry| {
        let name = entry.file_name().to_str()?.strip_suffix(".css")?.to_owned();
        Some((entry.metadata().ok()?.modified().ok()?, name))
    });
    let name = styles.max().map(|(_, name)| name);
    if name.is_none() {
        tracing::warn!(folder = %site_root.display(), "no browser files: run `cargo xtask build`");
    }
    BrowserFiles { name: name.unwrap_or_else(|| "storefront".to_owned()) }
}

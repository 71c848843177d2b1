//! What every request may use.

use std::{path::Path, sync::Arc};

use axum::extract::FromRef;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use super::{clock::SharedClock, config::Config, store::Store};
use crate::{app::BrowserFiles, domain::product::Catalog};

#[derive(Clone)]
pub struct AppState {
    pub config: Arc<Config>,
    pub store: Store,
    pub catalog: Arc<Catalog>,
    pub clock: SharedClock,
    pub files: Arc<BrowserFiles>,
    pub metrics: PrometheusHandle,
    /// Turns true when the shop stops, so that event streams end.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.store.clone()
    }
}

/// Finds the browser files that the build left; without them pages lack styles, yet work.
pub fn find_browser_files(site_root: &Path) -> BrowserFiles {
    let names = std::fs::read_dir(site_root.join("pkg")).into_iter().flatten().flatten();
    let styles = names.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".css").map(str::to_owned));
    let name = styles.max().unwrap_or_else(|| {
        tracing::warn!(folder = %site_root.display(), "no browser files: run `cargo xtask build`");
        "storefront".to_owned()
    });
    BrowserFiles { name }
}

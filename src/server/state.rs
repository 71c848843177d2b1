//! What every request may use.

use std::{path::Path, sync::Arc};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use super::{api::rate::Rates, clock::SharedClock, config::Config, gate::Gate, refusals::Refusals, store::Store};
use crate::{
    app::BrowserFiles,
    domain::{product::Catalog, silence::Elapsed},
};

#[derive(Clone)]
pub struct AppState {
    pub config: Arc<Config>,
    pub store: Store,
    pub catalog: Arc<Catalog>,
    pub clock: SharedClock,
    /// Names this run of the program.
    pub run: Arc<str>,
    pub gate: Arc<Gate>,
    pub files: Arc<BrowserFiles>,
    pub metrics: PrometheusHandle,
    /// How often each token of the JSON door asked lately.
    pub api_rates: Arc<Rates>,
    /// Where refused callbacks are told.
    pub refusals: Refusals,
    /// Turns true when the shop stops, so that event streams end.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    pub fn now(&self) -> i64 {
        self.clock.now()
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

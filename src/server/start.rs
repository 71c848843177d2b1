//! From settings to a listening shop.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, sync::watch};

use super::{
    catalog::{self, CatalogError},
    clock::SharedClock,
    config::Config,
    router::router,
    state::{AppState, find_browser_files},
    store::{Store, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Metrics(#[from] BuildError),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the shop stopped: {0}")]
    Stopped(std::io::Error),
}

/// How long running requests may go on once the shop is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A shop that listens already but serves nobody yet.
pub struct Shop {
    listener: TcpListener,
    state: AppState,
    stop: watch::Sender<bool>,
}

impl Shop {
    pub async fn open(config: Config, clock: SharedClock, metrics: PrometheusHandle) -> Result<Self, StartError> {
        // Leptos renders on this; a second call finds it done.
        let _ = any_spawner::Executor::init_tokio();
        let catalog = catalog::load()?;
        let store = Store::open(&config.database_url).await?;
        let listener = TcpListener::bind(config.addr).await.map_err(|error| StartError::Listen(config.addr, error))?;
        let (stop, stopping) = watch::channel(false);
        let files = Arc::new(find_browser_files(&config.site_root));
        let state = AppState { config: Arc::new(config), store, catalog: Arc::new(catalog), clock, files, metrics, stopping };
        Ok(Self { listener, state, stop })
    }

    /// Where it listens; the port is a real one even if 0 was asked for.
    pub fn addr(&self) -> SocketAddr {
        self.listener.local_addr().unwrap_or(self.state.config.addr)
    }

    /// Serves until `until` is over, then lets running requests finish.
    pub async fn serve(self, until: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let store = self.state.store.clone();
        let stop = self.stop;
        let ending = async move {
            until.await;
            stop.send_replace(true);
        };
        let mut stopping = self.state.stopping.clone();
        let served = axum::serve(self.listener, router(self.state)).with_graceful_shutdown(ending);
        let too_long = async {
            let _ = stopping.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            ended = served => ended.map_err(StartError::Stopped)?,
            () = too_long => tracing::warn!("some requests did not end in time"),
        }
        store.close().await;
        Ok(())
    }
}

/// The recorder of counters; one a process.
pub fn install_metrics() -> Result<PrometheusHandle, StartError> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}

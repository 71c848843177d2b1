//! From settings to a listening shop.

use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::Handle;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::sync::watch;

use super::{
    admin::owners::{self, DemoOperator, OwnerError},
    api::rate::Rates,
    batches, books,
    catalog::{self, CatalogError},
    chance,
    clock::SharedClock,
    config::Config,
    gate::Gate,
    inquiries,
    reconciliation::runs,
    refusals, reports,
    router::router,
    state::{AppState, find_browser_files},
    store::{Store, StoreError},
    till::{self, Till},
};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no owner could be made: {0}")]
    Owner(#[from] OwnerError),
    #[error(transparent)]
    Metrics(#[from] BuildError),
    #[error("no HTTPS: {0}")]
    Client(#[from] reqwest::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the shop stopped: {0}")]
    Stopped(std::io::Error),
}

/// The longest a request's headers may take to arrive.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// How long running requests may go on once the shop is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A shop that listens already but serves nobody yet.
pub struct Shop {
    listener: TcpListener,
    state: AppState,
    demo_operator: Option<DemoOperator>,
    refused: refusals::Waiting,
    stop: watch::Sender<bool>,
}

impl Shop {
    pub async fn open(config: Config, clock: SharedClock, metrics: PrometheusHandle) -> Result<Self, StartError> {
        // Leptos renders on this; a second call finds it done.
        let _ = any_spawner::Executor::init_tokio();
        let catalog = catalog::load()?;
        let store = Store::open(&config.database_url).await?;
        let demo_operator = owners::ensure(&store, &config, &clock).await?;
        let listener = TcpListener::bind(config.addr).map_err(|error| StartError::Listen(config.addr, error))?;
        listener.set_nonblocking(true).map_err(StartError::Stopped)?;
        let (stop, stopping) = watch::channel(false);
        let files = Arc::new(find_browser_files(&config.site_root));
        let gate = Arc::new(Gate::new(&config.gate_url, config.project_id, config.keys.clone())?);
        let (refusals, refused) = refusals::queue();
        let (config, catalog, api_rates) = (Arc::new(config), Arc::new(catalog), Arc::new(Rates::new(clock.clone())));
        let run = chance::token().into();
        let state = AppState { gate, config, store, catalog, clock, run, files, metrics, api_rates, refusals, stopping };
        Ok(Self { listener, state, demo_operator, refused, stop })
    }

    /// Where it listens; the port is a real one even if 0 was asked for.
    pub fn addr(&self) -> SocketAddr {
        self.listener.local_addr().unwrap_or(self.state.config.addr)
    }

    /// Who may try the back office, if the settings ask for it.
    pub fn demo_operator(&self) -> Option<&DemoOperator> {
        self.demo_operator.as_ref()
    }

    /// Serves until `until` is over, then lets running requests finish.
    pub async fn serve(self, until: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let store = self.state.store.clone();
        let handle = Handle::new();
        tokio::spawn(end(until, self.stop, handle.clone()));
        self.state.store.doubt_what_was_being_sent(self.state.now()).await?;
        self.state.store.reconciliations_broke_off(self.state.now()).await?;
        tokio::spawn(books::check(self.state.store.clone()));
        if self.state.config.reconcile_daily {
            tokio::spawn(runs::nightly(self.state.clone()));
        }
        let asking = tokio::spawn(inquiries::run(self.state.clone()));
        tokio::spawn(self.refused.write(self.state.store.clone(), self.state.stopping.clone()));
        let sending = tokio::spawn(till::go_on(Till::of(&self.state)));
        let reporting = tokio::spawn(reports::periodic::run(self.state.clone()));
        let running = tokio::spawn(batches::run(self.state.clone()));
        let mut server =
            axum_server::from_tcp(self.listener).map_err(StartError::Stopped)?.handle(handle).first_request_timeout(HEADERS_WITHIN);
        server.http_builder().http1().header_read_timeout(HEADERS_WITHIN);
        server.serve(router(self.state).into_make_service_with_connect_info::<SocketAddr>()).await.map_err(StartError::Stopped)?;
        asking.abort(); // a question is safe to repeat
        sending.abort(); // what was being sent is asked about
        reporting.abort(); // a file appears whole or not at all
        // The rows at hand get their answer; later ones wait for the next start.
        let _ = tokio::time::timeout(GRACE, running).await;
        store.close().await;
        Ok(())
    }
}

/// Ends event streams first, then lets the rest finish.
async fn end(until: impl Future<Output = ()>, stop: watch::Sender<bool>, handle: Handle<SocketAddr>) {
    until.await;
    stop.send_replace(true);
    handle.graceful_shutdown(Some(GRACE));
    // Streams that start now end at once, as long as someone can tell them.
    stop.closed().await;
}

/// The recorder of counters; one a process.
pub fn install_metrics() -> Result<PrometheusHandle, StartError> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}

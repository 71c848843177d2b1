//! From settings to a listening shop.

use std::{
    future::{Future, pending},
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::Handle;
use futures::future::BoxFuture;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    config::settings::Config,
    server::{
        admin::people::owners::{self, DemoOperator, OwnerError},
        http::figures,
        platform::{
            batches, books,
            callbacks::refusals::{self, RefusalsWaiting},
            line::gate::Gate,
            questions,
            reconciliation::runs,
            till::{self, Till},
        },
        reports,
        router::router,
        running::{
            chance,
            clock::SharedClock,
            connections::{Connections, make_room},
            limits,
            paces::Paces,
            proxies::Proxies,
            rates::Rates,
            watching::EventStreams,
            workers::{Workers, roster::Roster},
        },
        shop::{
            catalogue_file::{self, CatalogError},
            expiry, totals,
        },
        state::{AppState, Parts, find_browser_files},
        store::{Store, StoreError},
    },
};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no owner could be made: {0}")]
    Owner(#[from] OwnerError),
    #[error("no HTTPS: {0}")]
    Client(#[from] reqwest::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("the shop stopped: {0}")]
    Stopped(io::Error),
}

/// How long running requests may go on once the shop is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long after a fault figures are told again.
const FIGURES_AGAIN: Duration = Duration::from_secs(5);

const SUMMED_UP_EVERY: Duration = Duration::from_secs(5);

/// A shop that listens, and does not serve yet.
pub struct Shop {
    listener: TcpListener,
    /// Where the figures are told, if anywhere.
    figures: Option<TcpListener>,
    /// What was counted.
    counted: PrometheusHandle,
    /// How many connections it can hold.
    connections: usize,
    state: AppState,
    demo_operator: Option<DemoOperator>,
    refused: RefusalsWaiting,
    stop: watch::Sender<bool>,
}

/// What goes on by itself beside the server.
struct AtWork {
    /// Ended with the shop: questions are safe to repeat, what was being sent is asked about, files appear whole or not at all.
    ended: Vec<JoinHandle<()>>,
    /// The rows at hand get their answer; later ones wait for the next start.
    batches: JoinHandle<()>,
}

impl Shop {
    pub async fn open(config: Config, clock: SharedClock, counted: PrometheusHandle) -> Result<Self, StartError> {
        // Leptos renders on this; a second call finds it done.
        let _ = any_spawner::Executor::init_tokio();
        let catalog = catalogue_file::load(config.catalog_file.as_deref())?;
        let store = Store::open(&config.database_url).await?;
        let demo_operator = owners::ensure(&store, &config, &clock).await?;
        let listener = TcpListener::bind(config.addr).map_err(|error| StartError::Listen(config.addr, error))?;
        listener.set_nonblocking(true).map_err(StartError::Stopped)?;
        let figures = figures::listen(config.figures).map_err(|(addr, error)| StartError::Listen(addr, error))?;
        let connections = make_room();
        let (stop, stopping) = watch::channel(false);
        let files = Arc::new(find_browser_files(&config.site_root));
        let gate = Arc::new(Gate::new(&config.gate_url, config.project_id, config.keys.clone())?);
        let (refusals, refused) = refusals::queue();
        let run: Arc<str> = chance::token().into();
        let state = AppState::from(Parts {
            gate,
            roster: Roster::new(store.clone(), clock.clone(), run.clone()),
            store,
            catalog: Arc::new(catalog),
            files,
            proxies: Arc::new(Proxies::new(config.trusted_proxies.clone())),
            api_rates: Arc::new(Rates::new(limits::QUESTIONS, clock.clone())),
            paces: Arc::new(Paces::new(&clock)),
            event_streams: Arc::new(EventStreams::among(connections)),
            live_pages: Arc::default(),
            workers: Workers::new(stopping.clone()),
            readiness: Arc::default(),
            refusals,
            stopping,
            config: Arc::new(config),
            run,
            clock,
        });
        Ok(Self { listener, figures, counted, connections, state, demo_operator, refused, stop })
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
        let Self { listener, figures, counted, connections, state, refused, stop, .. } = self;
        if state.config.trusts_no_proxy_of_https() {
            tracing::warn!(
                "PUBLIC_URL is https and no proxy is trusted: all customers seem to be where the proxy is; set TRUSTED_PROXIES"
            );
        }
        let handle = Handle::new();
        tokio::spawn(end(until, stop, handle.clone()));
        if !state.store.is_shared() {
            // Whoever began this is gone.
            state.store.doubt_what_was_being_sent(state.now()).await?;
            state.store.reconciliations_broke_off(state.now()).await?;
        }
        state.store.ask_soon(state.now()).await?;
        tokio::spawn(books::check(state.store.clone()));
        let at_work = begin_work(&state, (figures, counted), refused);
        let connections = Connections::new(state.proxies.clone(), connections);
        let (store, roster) = (state.store.clone(), state.roster.clone());
        let server = axum_server::from_tcp(listener).map_err(StartError::Stopped)?;
        let mut server = server.acceptor(connections).handle(handle).first_request_timeout(limits::HEADERS_WITHIN);
        server.http_builder().http1().header_read_timeout(limits::HEADERS_WITHIN);
        server.serve(router(state).into_make_service_with_connect_info::<SocketAddr>()).await.map_err(StartError::Stopped)?;
        at_work.ended.iter().for_each(JoinHandle::abort);
        let _ = tokio::time::timeout(GRACE, at_work.batches).await;
        roster.leave().await;
        store.close().await;
        Ok(())
    }
}

/// Begins what goes on by itself: each is started again if it should end.
fn begin_work(state: &AppState, figures: (Option<TcpListener>, PrometheusHandle), refused: RefusalsWaiting) -> AtWork {
    let workers = &state.workers;
    // Without figures the shop sells all the same: it is ready.
    let (listener, counted) = figures;
    let summed = counted.clone();
    workers.finish("sums", with(state, move |state| sum_up(summed.clone(), state)));
    if let Some(listener) = listener.map(Arc::new) {
        workers.finish("figures", with(state, move |state| tell_figures(listener.clone(), counted.clone(), state)));
    }
    let refused = Arc::new(refused);
    let mut ended = Vec::new();
    if state.store.is_shared() {
        ended.push(workers.keep("roster", with(state, |state| state.roster.clone().run())));
    }
    ended.extend([
        workers.keep("inquiries", alone(state, "inquiries", questions::run)),
        workers.keep("expiry", alone(state, "expiry", expiry::run)),
        workers.keep("totals", alone(state, "totals", totals::run)),
        workers.keep("till", alone(state, "till", |state| till::go_on(Till::of(&state)))),
        workers.keep(
            "refusals",
            with(state, move |state| {
                let refused = refused.clone();
                async move { refused.write(state.store.clone(), state.stopping.clone()).await }
            }),
        ),
    ]);
    if state.config.reports.is_some() {
        ended.push(workers.keep("reports", alone(state, "reports", reports::periodic::run)));
    }
    if state.config.reconcile_daily {
        ended.push(workers.keep("reconciliation", alone(state, "reconciliation", runs::nightly)));
    }
    AtWork { ended, batches: workers.keep("batches", alone_to_its_end(state)) }
}

/// Work on the shop, that may be begun again.
fn with<F, W: Fn(AppState) -> F>(state: &AppState, work: W) -> impl Fn() -> F + use<F, W> {
    let state = state.clone();
    move || work(state.clone())
}

/// The same until the shop stops, while no other shop on this database does it.
fn alone<F, W>(state: &AppState, name: &'static str, work: W) -> impl Fn() -> BoxFuture<'static, ()> + use<F, W>
where
    F: Future<Output = ()> + Send,
    W: Fn(AppState) -> F + Clone + Send + Sync + 'static,
{
    let state = state.clone();
    move || {
        let (state, work) = (state.clone(), work.clone());
        Box::pin(async move { state.roster.alone(name, || work(state.clone()), state.stopped()).await })
    }
}

/// Batches know by themselves when the shop stops: the rows at hand get their answer first.
fn alone_to_its_end(state: &AppState) -> impl Fn() -> BoxFuture<'static, ()> + use<> {
    let state = state.clone();
    move || {
        let state = state.clone();
        Box::pin(async move { state.roster.alone("batches", || batches::run(state.clone()), pending()).await })
    }
}

/// What was measured is kept one by one until it is summed up, whether anybody asks for it or not.
async fn sum_up(counted: PrometheusHandle, state: AppState) {
    while tokio::time::timeout(SUMMED_UP_EVERY, state.stopped()).await.is_err() {
        counted.run_upkeep();
    }
}

async fn tell_figures(listener: Arc<TcpListener>, counted: PrometheusHandle, state: AppState) {
    while let Err(error) = figures::tell(&listener, counted.clone(), state.clone()).await {
        tracing::error!(%error, "figures could not be told");
        tokio::time::sleep(FIGURES_AGAIN).await;
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

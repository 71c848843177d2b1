//! A shop of a test's own: empty database, its own sandbox, a clock that stands until it is moved.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use storefront::{
    config::settings::Config,
    server::{
        running::{
            clock::{Clock, SystemClock},
            telling::figures,
        },
        start::Shop,
    },
};
use tokio::sync::oneshot;

use crate::kit::{Customer, Folder, Page, Purchase, Said, Sandbox, storefront};

pub type Settings = BTreeMap<String, String>;

/// Clocks that stand where they were put.
pub struct TestClock {
    wall: AtomicI64,
    elapsed: AtomicI64,
    /// Whoever asks for the time then ends in a panic, as by a fault nobody thought of.
    is_broken: AtomicBool,
    /// What such a panic says.
    last_words: Mutex<String>,
    panics: AtomicU32,
}

impl TestClock {
    fn at(now: i64) -> Self {
        let (wall, elapsed) = (AtomicI64::new(now), AtomicI64::new(0));
        Self { wall, elapsed, is_broken: AtomicBool::new(false), last_words: Mutex::default(), panics: AtomicU32::new(0) }
    }
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        if self.is_broken.load(Ordering::SeqCst) {
            self.panics.fetch_add(1, Ordering::SeqCst);
            let words = self.last_words.lock().map(|words| words.clone()).unwrap_or_default();
            panic!("the clock is broken {words}");
        }
        self.wall.load(Ordering::SeqCst)
    }

    fn elapsed(&self) -> i64 {
        self.elapsed.load(Ordering::SeqCst)
    }
}

pub struct TestShop {
    pub address: String,
    pub sandbox: Sandbox,
    pub folder: Folder,
    pub settings: Settings,
    clock: Arc<TestClock>,
    /// Whoever has no cookies: the platform, and anybody with a link.
    stranger: Customer,
    /// Dropped with the shop, which stops it.
    _running: oneshot::Sender<()>,
}

/// What `storefront cases` prints of one.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenCase {
    pub id: String,
    pub kind: String,
    pub payment_id: String,
}

impl TestShop {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Settings given here are also the sandbox's.
    pub async fn start_with(changed: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, changed);
        Self::open(folder, sandbox, changed, Duration::ZERO).await
    }

    /// A shop that finds what is in the folder, with a clock that is so much late.
    pub async fn open(folder: Folder, sandbox: Sandbox, changed: &[(&str, &str)], late: Duration) -> Self {
        // It begins at the platform's time: payments name a moment before which they must be made.
        let now = SystemClock::default().now() + i64::try_from(late.as_secs()).expect("seconds");
        let clock = Arc::new(TestClock::at(now));
        let (settings, address, shop) = loop {
            let port = free_port();
            let settings = settings_for(port, &sandbox, &folder, changed);
            let config = Config::from_settings(settings.clone()).expect("good settings");
            // Somebody may have taken the port since: then another one.
            match Shop::open(config, clock.clone(), metrics()).await {
                Ok(shop) => break (settings.clone(), format!("http://{}", settings["SHOP_ADDR"]), shop),
                Err(storefront::server::start::StartError::Listen(..)) => {}
                Err(error) => panic!("{error}"),
            }
        };
        let (_running, stopped) = oneshot::channel::<()>();
        tokio::spawn(shop.serve(async move { drop(stopped.await) }));
        Self { stranger: Customer::of(&address), address, sandbox, folder, settings, clock, _running }
    }

    /// The same shop after it was stopped and started: what is in its folder is all it knows. Its clock goes on.
    pub async fn starts_again(self, changed: &[(&str, &str)]) -> Self {
        let late = Duration::from_secs((self.clock.now() - SystemClock::default().now()).unsigned_abs());
        let Self { folder, sandbox, _running, .. } = self;
        drop(_running);
        Self::open(folder, sandbox, changed, late).await
    }

    /// The same, and meanwhile somebody set its clock right.
    pub async fn starts_again_at_the_true_time(self, changed: &[(&str, &str)]) -> Self {
        let Self { folder, sandbox, _running, .. } = self;
        drop(_running);
        Self::open(folder, sandbox, changed, Duration::ZERO).await
    }

    /// It stops: what is left is its folder, its sandbox and its settings.
    pub async fn stops(self) -> (Folder, Sandbox, Settings) {
        let Self { folder, sandbox, settings, address, _running, .. } = self;
        drop(_running);
        let place = address.trim_start_matches("http://").to_owned();
        eventually("the shop's end", async || std::net::TcpStream::connect(&place).is_err().then_some(())).await;
        (folder, sandbox, settings)
    }

    pub fn customer(&self) -> Customer {
        Customer::of(&self.address)
    }

    /// Time goes by: every clock shows it.
    pub fn time_passes(&self, by: Duration) {
        self.clock.elapsed.fetch_add(by.as_secs().try_into().expect("seconds"), Ordering::SeqCst);
        self.clock_steps(by);
    }

    /// Somebody sets the wall clock forward; no time goes by.
    pub fn clock_steps(&self, by: Duration) {
        self.clock.wall.fetch_add(by.as_secs().try_into().expect("seconds"), Ordering::SeqCst);
    }

    /// Somebody sets the wall clock back; no time goes by.
    pub fn clock_steps_back(&self, by: Duration) {
        self.clock.wall.fetch_sub(by.as_secs().try_into().expect("seconds"), Ordering::SeqCst);
    }

    /// From now on whoever asks for the time ends in a panic, until the clock works again.
    pub fn clock_breaks(&self) {
        self.clock.is_broken.store(true, Ordering::SeqCst);
    }

    /// The same, and each panic says this.
    pub fn clock_breaks_over(&self, what: &str) {
        *self.clock.last_words.lock().expect("its last words") = format!("over {what}");
        self.clock_breaks();
    }

    pub fn clock_works(&self) {
        self.clock.is_broken.store(false, Ordering::SeqCst);
    }

    /// How often somebody asked for the time of a broken clock.
    pub fn panics(&self) -> u32 {
        self.clock.panics.load(Ordering::SeqCst)
    }

    /// What the shop counts, as Prometheus reads it.
    pub async fn figures(&self) -> String {
        let page = self.stranger.opens(&format!("http://{}/metrics", self.settings["METRICS_ADDR"])).await;
        assert_eq!(page.status, 200);
        page.body
    }

    /// Where the clock stands.
    pub fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.clock.now()).expect("a moment")
    }

    /// What the sandbox does wrong from now on; all other faults are at rest.
    pub async fn platform_misbehaves(&self, faults: Value) {
        self.sandbox.misbehaves(faults).await;
    }

    /// The platform's clock, not the shop's.
    pub async fn platform_waits(&self, seconds: u64) {
        self.sandbox.waits(seconds).await;
    }

    /// The operations of a payment in the sandbox's ledger, as `type status amount`.
    pub async fn platform_has(&self, payment_id: &str) -> Vec<String> {
        self.sandbox.has(payment_id).await
    }

    /// The platform's side of `POST /callbacks`: the answer's status.
    pub async fn receives(&self, body: impl Into<Vec<u8>>) -> u16 {
        self.stranger.sends("/callbacks", "application/json", body.into()).await.status
    }

    /// A purchase of green tea that is paid, as the shop knows.
    pub async fn sold(&self, market: &str, method: &str) -> Purchase {
        self.customer().buys(market, method, "approve").await
    }

    /// What anybody who has the link sees, without a cookie.
    pub async fn order_page(&self, purchase: &Purchase) -> Page {
        self.stranger.opens(&purchase.order_path()).await
    }

    pub async fn status_of(&self, purchase: &Purchase) -> String {
        self.order_page(purchase).await.attribute("data-payment-status").expect("an order's page tells its status")
    }

    /// `storefront …` with this shop's settings.
    pub fn command(&self, arguments: &[&str], input: &str) -> Said {
        storefront(&self.folder, &self.settings, arguments, input)
    }

    /// `storefront books`, by currency: taken, refunded, paid out, as they are written.
    pub fn books(&self) -> BTreeMap<String, [String; 3]> {
        let said = self.command(&["books"], "");
        assert_eq!(said.code, 0, "{said:?}");
        let lines = said.stdout.lines().filter_map(|line| line.split_once("  taken "));
        let sums = |(code, rest): (&str, &str)| {
            let mut sums = rest.split("  ").map(|part| part.trim_start_matches(|letter: char| !letter.is_ascii_digit()).to_owned());
            (code.to_owned(), std::array::from_fn(|_| sums.next().expect("a sum")))
        };
        lines.map(sums).collect()
    }

    pub fn open_cases(&self) -> Vec<OpenCase> {
        let said = self.command(&["cases"], "");
        assert_eq!(said.code, 0, "{said:?}");
        // One line a case; what follows indented says more of it.
        let lines = said.stdout.lines().filter(|line| *line != "no open cases" && !line.starts_with(' '));
        let case = |line: &str| {
            let mut words = line.split("  ").map(str::to_owned);
            let mut word = || words.next().unwrap_or_default();
            OpenCase { id: word(), kind: word(), payment_id: word().replacen("payment ", "", 1) }
        };
        lines.map(case).collect()
    }

    /// The kinds of all open cases, oldest first.
    pub fn open_kinds(&self) -> Vec<String> {
        self.open_cases().into_iter().map(|case| case.kind).collect()
    }
}

/// One recorder a process, shared by all shops in it.
fn metrics() -> PrometheusHandle {
    static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();
    METRICS.get_or_init(|| figures::install().expect("the first recorder")).clone()
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

pub fn settings_for(port: u16, sandbox: &Sandbox, folder: &Folder, changed: &[(&str, &str)]) -> Settings {
    let site = format!("{}/target/site", env!("CARGO_MANIFEST_DIR"));
    let mut settings: Settings = [
        ("SHOP_ADDR", format!("127.0.0.1:{port}")),
        ("METRICS_ADDR", format!("127.0.0.1:{}", free_port())),
        ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("DATABASE_URL", folder.database()),
        ("LEPTOS_SITE_ROOT", site),
        ("PAYMENT_PAGE_URL", sandbox.address.clone()),
        ("GATE_URL", sandbox.address.clone()),
        ("DATA_API_URL", sandbox.address.clone()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    settings.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    settings
}

/// Looks until there is something to see; gives up after half a minute or more: on a server, a shop waits for eleven seconds until
/// one that was killed counts as gone.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1_200 {
        if let Some(seen) = look().await {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never seen: {what}");
}

//! All settings, from the environment or a `.env` file. The only place that reads the environment.
//!
//! `.env.example` documents each. A secret may be given as `NAME_FILE`, a path to a file that holds it.

use std::{collections::BTreeMap, env, ffi::OsString, fmt, net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{
        figures_addr::FiguresAddr,
        password::check_password,
        periodic::{Every, Periodic},
        reader::{
            Reader, collector, database, figures, is_loopback, networks, opening, origin, payment_id_prefix, payment_path,
            platform, time_zone,
        },
    },
    domain::{people::operator::SumLimits, shop::customer::Email},
    platform::{Opening, PaymentPath},
    protocol::{payment_page::PaymentPageUrl, sandbox, signed::signature::Key},
};

#[derive(Clone)]
pub struct Config {
    /// `SHOP_ADDR`: where the shop listens.
    pub addr: SocketAddr,
    /// `PUBLIC_URL`: the shop's public origin, without a slash at its end.
    pub public_url: Url,
    /// `TRUSTED_PROXIES`: whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `METRICS_ADDR`: where figures are told, apart from the shop.
    pub figures: FiguresAddr,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: where traces go. `None`: nowhere.
    pub collector: Option<Url>,
    /// `DATABASE_URL`
    pub database_url: String,
    /// `PAYMENT_ID_PREFIX`: how the ids of payments begin. Empty: with nothing of their own.
    pub payment_id_prefix: String,
    /// `PROJECT_ID`
    pub project_id: u64,
    /// `PROJECT_SECRET`, then `PROJECT_SECRET_PREVIOUS` if there is one. The first signs, all check.
    pub keys: Vec<Key>,
    /// `PAYMENT_PAGE_URL`
    pub payment_page_url: PaymentPageUrl,
    /// `PAYMENT_PATH`
    pub payment_path: PaymentPath,
    /// `PAYMENT_PAGE_OPENING`
    pub opening: Opening,
    /// `GATE_URL`
    pub gate_url: Url,
    /// `DATA_API_URL`
    pub data_api_url: Url,
    /// `DATA_API_TOKEN` and `DATA_API_SECRET`. `None`: not set; only reconciliation needs them.
    pub data_api_access: Option<DataApiAccess>,
    /// `RECONCILE_DAILY`: each night the day before is compared with the register.
    pub reconcile_daily: bool,
    /// `STATUS_AFTER_S`: `None`: 10 s after the customer came back, else by the method.
    pub status_after_s: Option<i64>,
    /// `SHOP_TIME_ZONE`: the merchant's, for filters, reports and days.
    pub time_zone: TimeZone,
    /// `APPROVAL_ABOVE`: batches and payouts above these sums need a second operator.
    pub approval_above: SumLimits,
    /// `SUPPORT_REFUNDS_UP_TO`: what one operator of the role support may give back in 24 hours.
    pub support_refunds_up_to: SumLimits,
    /// `REPORTS_FOLDER` and `REPORTS_EVERY`. `None`: no reports are put anywhere.
    pub reports: Option<Periodic>,
    /// `OPERATOR_EMAIL` and `OPERATOR_PASSWORD`: an owner made or updated at start-up.
    pub owner: Option<(Email, SecretString)>,
    /// `DEMO_OPERATOR`: with the sandbox, an owner with a new password at each start.
    pub demo_operator: bool,
    /// `CATALOG_FILE`: what is on sale. `None`: what was built in.
    pub catalog_file: Option<PathBuf>,
    /// `LEPTOS_SITE_ROOT`: the folder of the browser files.
    pub site_root: PathBuf,
    /// `DEV_RELOAD`: open pages load again after a rebuild.
    pub dev_reload: bool,
}

/// What opens the Data API: a token, and what requests and answers are signed with.
#[derive(Clone)]
pub struct DataApiAccess {
    pub token: SecretString,
    pub key: Key,
}

/// What the commands `sign`, `verify` and `payment-url` need; they work without the rest.
pub struct Signing {
    pub keys: Vec<Key>,
    pub payment_page_url: PaymentPageUrl,
}

/// Everything that is wrong with the settings, at once.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not usable:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl Config {
    /// Reads the environment, and `.env` for what it does not say.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_settings(environment()?)
    }

    /// Reads settings by name. Error: everything that is wrong with them.
    pub fn from_settings(settings: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { settings, problems: Vec::new() };
        let addr = reader.parsed("SHOP_ADDR", "127.0.0.1:3000", str::parse);
        let public_url = reader.parsed("PUBLIC_URL", "http://127.0.0.1:3000", origin);
        let trusted_proxies = reader.parsed("TRUSTED_PROXIES", "", networks);
        let figures = reader.parsed("METRICS_ADDR", "", figures);
        let collector = reader.parsed("OTEL_EXPORTER_OTLP_ENDPOINT", "", collector);
        let database_url = reader.parsed("DATABASE_URL", "sqlite://data/storefront.db", database);
        let payment_id_prefix = reader.parsed("PAYMENT_ID_PREFIX", "", payment_id_prefix);
        let platform = reader.platform();
        let payment_path = reader.parsed("PAYMENT_PATH", PaymentPath::PaymentPage.code(), payment_path);
        let opening = reader.parsed("PAYMENT_PAGE_OPENING", Opening::Redirect.code(), opening);
        let status_after_s = reader.seconds("STATUS_AFTER_S");
        let site_root = reader.text("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned()).into();

        let time_zone = reader.parsed("SHOP_TIME_ZONE", "UTC", time_zone);
        let approval_above = reader.parsed("APPROVAL_ABOVE", "KRW=500000,PHP=20000,EUR=500", SumLimits::parse);
        let support_refunds_up_to = reader.parsed("SUPPORT_REFUNDS_UP_TO", "KRW=50000,PHP=2000,EUR=50", SumLimits::parse);
        let reports_folder = reader.text("REPORTS_FOLDER");
        let reports_every = reader.parsed("REPORTS_EVERY", Every::Day.name(), Every::parse);
        let owner = reader.owner();
        let catalog_file = reader.text("CATALOG_FILE").map(PathBuf::from);

        let dev_reload = reader.text("DEV_RELOAD").is_some_and(|value| value == "1");

        let only_loopback = platform.only_loopback();
        let project_id = reader.project_id(only_loopback);
        let keys = reader.keys(only_loopback);
        let data_api_access = reader.data_api_access(only_loopback);
        let reconcile_daily = reader.is_on("RECONCILE_DAILY");
        if reconcile_daily && data_api_access.is_none() {
            reader.problems.push("RECONCILE_DAILY: needs DATA_API_TOKEN and DATA_API_SECRET".to_owned());
        }
        let demo_operator = only_loopback && reader.text("DEMO_OPERATOR").is_some_and(|value| value == "1");

        let Platform { payment_page_url, gate_url, data_api_url } = platform;
        let complete = || {
            Some(Self {
                addr: addr?,
                public_url: public_url?,
                trusted_proxies: trusted_proxies?,
                figures: figures?,
                collector: collector?,
                database_url: database_url?,
                payment_id_prefix: payment_id_prefix?,
                project_id: project_id?,
                keys,
                payment_page_url: payment_page_url?,
                payment_path: payment_path?,
                opening: opening?,
                gate_url: gate_url?,
                data_api_url: data_api_url?,
                data_api_access,
                reconcile_daily,
                status_after_s: status_after_s?,
                time_zone: time_zone?,
                approval_above: approval_above?,
                support_refunds_up_to: support_refunds_up_to?,
                reports: reports_folder.map(PathBuf::from).zip(reports_every).map(|(folder, every)| Periodic { folder, every }),
                owner,
                demo_operator,
                catalog_file,
                site_root,
                dev_reload,
            })
        };
        complete().filter(|_| reader.problems.is_empty()).ok_or(ConfigError(reader.problems))
    }

    /// The shop's public origin: `http://127.0.0.1:3000`.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Cookies are `Secure` and pages ask for HTTPS only when the shop is reached that way.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The shop is reached from this computer only.
    pub fn is_reached_locally(&self) -> bool {
        is_loopback(&self.public_url)
    }

    /// HTTPS needs a proxy before the shop, and none is trusted: all customers seem to have the proxy's address.
    pub fn trusts_no_proxy_of_https(&self) -> bool {
        self.is_https() && self.trusted_proxies.is_empty()
    }

    /// The Payment Page is the sandbox's, or something else on this computer.
    pub fn pays_in_sandbox(&self) -> bool {
        is_loopback(self.payment_page_url.url())
    }
}

impl Signing {
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut reader = Reader { settings: environment()?, problems: Vec::new() };
        let platform = reader.platform();
        let keys = reader.keys(platform.only_loopback());
        match platform.payment_page_url {
            Some(payment_page_url) if reader.problems.is_empty() => Ok(Self { keys, payment_page_url }),
            _ => Err(ConfigError(reader.problems)),
        }
    }
}

/// The environment, and `.env` for what is not set there.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn environment() -> Result<BTreeMap<String, String>, ConfigError> {
    let mut settings = BTreeMap::new();
    match dotenvy::from_path_iter(".env") {
        Ok(lines) => {
            for line in lines {
                let (name, value) = line.map_err(|error| ConfigError(vec![unreadable(&error)]))?;
                settings.insert(name, value);
            }
        }
        Err(error) if error.not_found() => {}
        Err(error) => return Err(ConfigError(vec![unreadable(&error)])),
    }
    let texts = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    settings.extend(env::vars_os().filter_map(texts));
    Ok(settings)
}

/// The library's message would repeat the line, and so perhaps a secret.
fn unreadable(error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(line, _) => match line.split_once('=') {
            Some((name, _)) => format!(".env: the value of {} cannot be read", name.trim()),
            None => ".env: a line without = cannot be read".to_owned(),
        },
        dotenvy::Error::Io(error) => format!(".env: {error}"),
        _ => ".env: cannot be read".to_owned(),
    }
}

const SANDBOX_ADDRESS: &str = "http://localhost:3001";

/// Where the platform is; `None` for an address that cannot be read.
struct Platform {
    payment_page_url: Option<PaymentPageUrl>,
    gate_url: Option<Url>,
    data_api_url: Option<Url>,
}

impl Platform {
    /// All of it is on this computer, so the sandbox's project may be used.
    fn only_loopback(&self) -> bool {
        let page = self.payment_page_url.as_ref().map(PaymentPageUrl::url);
        [page, self.gate_url.as_ref(), self.data_api_url.as_ref()].into_iter().all(|url| url.is_none_or(is_loopback))
    }
}

fn payment_page(text: &str) -> Result<PaymentPageUrl, String> {
    platform(text)?;
    PaymentPageUrl::parse(text).map_err(|error| error.to_string())
}

impl Reader {
    fn platform(&mut self) -> Platform {
        Platform {
            payment_page_url: self.parsed("PAYMENT_PAGE_URL", SANDBOX_ADDRESS, payment_page),
            gate_url: self.parsed("GATE_URL", SANDBOX_ADDRESS, platform),
            data_api_url: self.parsed("DATA_API_URL", SANDBOX_ADDRESS, platform),
        }
    }

    fn project_id(&mut self, only_loopback: bool) -> Option<u64> {
        match self.text("PROJECT_ID") {
            Some(text) => text.parse().map_err(|_| self.problems.push("PROJECT_ID: not a number".to_owned())).ok(),
            None if only_loopback => Some(sandbox::PROJECT_ID),
            None => {
                self.problems.push("PROJECT_ID: missing; the platform's addresses are real ones".to_owned());
                None
            }
        }
    }

    fn keys(&mut self, only_loopback: bool) -> Vec<Key> {
        let current = self.secret("PROJECT_SECRET").or_else(|| only_loopback.then(|| sandbox::PROJECT_SECRET.into()));
        if current.is_none() {
            self.problems.push("PROJECT_SECRET: missing; the platform's addresses are real ones".to_owned());
        }
        let previous = self.secret("PROJECT_SECRET_PREVIOUS");
        let secrets = [("PROJECT_SECRET", current), ("PROJECT_SECRET_PREVIOUS", previous)];
        let mut keys = Vec::new();
        for (name, secret) in secrets {
            let public =
                |secret: &SecretString| [sandbox::PROJECT_SECRET, sandbox::PREVIOUS_SECRET].contains(&secret.expose_secret());
            if !only_loopback && secret.as_ref().is_some_and(public) {
                self.problems.push(format!("{name}: this is the sandbox's, which everyone knows"));
            }
            match secret.as_ref().map(Key::new) {
                Some(Ok(key)) => keys.push(key),
                Some(Err(error)) => self.problems.push(format!("{name}: {error}")),
                None => {}
            }
        }
        keys
    }

    fn owner(&mut self) -> Option<(Email, SecretString)> {
        let (email, password) = (self.text("OPERATOR_EMAIL"), self.secret("OPERATOR_PASSWORD"));
        match (email.map(|email| Email::parse(&email)), password) {
            (Some(Ok(email)), Some(password)) => match check_password(password.expose_secret(), email.as_str()) {
                Ok(()) => return Some((email, password)),
                Err(weak) => self.problems.push(format!("OPERATOR_PASSWORD: {weak}")),
            },
            (Some(Err(_)), _) => self.problems.push("OPERATOR_EMAIL: not an e-mail address".to_owned()),
            (None, None) => {}
            _ => self.problems.push("OPERATOR_EMAIL and OPERATOR_PASSWORD: only both together make an owner".to_owned()),
        }
        None
    }

    /// Missing ones do not keep a shop from starting.
    fn data_api_access(&mut self, only_loopback: bool) -> Option<DataApiAccess> {
        let mut given = |name: &str, known: &str| {
            let secret = self.secret(name).or_else(|| only_loopback.then(|| known.into()));
            if !only_loopback && secret.as_ref().is_some_and(|secret| secret.expose_secret() == known) {
                self.problems.push(format!("{name}: this is the sandbox's, which everyone knows"));
            }
            secret
        };
        let token = given("DATA_API_TOKEN", sandbox::DATA_API_TOKEN);
        let secret = given("DATA_API_SECRET", sandbox::DATA_API_SECRET);
        match Key::new(&secret?) {
            Ok(key) => Some(DataApiAccess { token: token?, key }),
            Err(error) => {
                self.problems.push(format!("DATA_API_SECRET: {error}"));
                None
            }
        }
    }
}

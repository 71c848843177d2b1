//! The shop's program: `storefront serve`, and the commands around it.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a request must not end a process")]

use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};
use storefront::{
    commands::{self, payout::PayoutArguments, refund::RefundArguments},
    config::settings::{Config, Signing},
    domain::report::Day,
    server::{
        platform::{line::gate::Gate, till::Till},
        running::{
            clock::{SharedClock, SystemClock},
            telling::{figures, log},
        },
        shop::catalogue_file,
        start::Shop,
        store::Store,
    },
};

/// Nearly halves the cost of a page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A shop that takes payments through ecommpay's hosted Payment Page.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the shop (the default)
    Serve,
    /// Read a JSON object on stdin, print its signature
    Sign {
        /// Print the string to sign instead
        #[arg(long)]
        string: bool,
    },
    /// Read a callback body on stdin, say whether it is accepted
    Verify,
    /// Read Payment Page parameters (a JSON object) on stdin, print the signed address
    PaymentUrl,
    /// Check settings, database, clock, callback address, key and platform
    Doctor,
    /// Give a payment's money back, all that is left or a part
    Refund(RefundArguments),
    /// Compare what the shop knows with the platform's register, say what differs
    Reconcile {
        /// The first day (YYYY-MM-DD, in SHOP_TIME_ZONE)
        #[arg(long, value_parser = commands::reconcile::day)]
        from: Day,
        /// The last day
        #[arg(long, value_parser = commands::reconcile::day)]
        to: Day,
    },
    /// Pay money out to the PayMaya account of a customer who paid by PayMaya before
    Payout(PayoutArguments),
    /// Add people to the back office, or let them try again
    Operator {
        #[command(subcommand)]
        what: OperatorCommand,
    },
    /// Compare the journal of money with orders, refunds and payouts
    Books,
    /// Copy a SQLite shop into a file, also while it is served
    Backup {
        /// Where to; it must not be there yet
        file: PathBuf,
    },
    /// Prove the database of DATABASE_URL whole, and change nothing in it
    Check,
    /// Move the SQLite shop of DATABASE_URL into an empty PostgreSQL database
    MoveTo {
        /// postgres://user:password@host:port/name
        address: String,
    },
    /// Print the figures of some days as CSV
    Report {
        /// The first day (YYYY-MM-DD, in SHOP_TIME_ZONE)
        #[arg(long)]
        from: Day,
        /// The last day
        #[arg(long)]
        to: Day,
    },
    /// List what waits for a person
    Cases {
        #[command(subcommand)]
        decision: Option<Decision>,
    },
}

#[derive(Subcommand)]
enum OperatorCommand {
    /// Add an operator; the password is read from stdin
    Add {
        email: String,
        /// viewer, support, finance or owner
        #[arg(long, default_value = "owner", value_parser = commands::operator::role)]
        role: storefront::domain::people::operator::Role,
    },
    /// After too many failed tries to sign in: the next one is looked at at once
    Unlock { email: String },
}

#[derive(Subcommand)]
enum Decision {
    /// Let the case's callback do what it was kept from doing
    Accept { id: i64 },
    /// Close cases without moving anything
    Dismiss {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<i64>,
        #[arg(long)]
        reason: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // Whoever would read it may be gone.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock::default());
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(Config::from_env()?, clock).await,
        Command::Sign { string } => Ok(signing(|signing| commands::sign::run(signing, string))),
        Command::Verify => Ok(signing(commands::verify::run)),
        Command::PaymentUrl => Ok(signing(commands::payment_url::run)),
        Command::Doctor => Ok(commands::doctor::run(Config::from_env(), clock.as_ref()).await),
        Command::Refund(asked) => Ok(commands::refund::run(&till(Config::from_env()?, clock).await?, asked).await),
        Command::Reconcile { from, to } => Ok(commands::reconcile::run(Config::from_env(), from, to, &clock).await),
        Command::Payout(asked) => Ok(commands::payout::run(&till(Config::from_env()?, clock).await?, asked).await),
        Command::Books => Ok(commands::books::run(&Store::open(&Config::from_env()?.database_url).await?).await?),
        Command::Backup { file } => Ok(commands::backup::run(Config::from_env()?.database_url, file).await),
        Command::Check => Ok(commands::check::run(&Config::from_env()?.database_url).await),
        Command::MoveTo { address } => Ok(commands::move_to::run(Config::from_env()?.database_url, address).await),
        Command::Report { from, to } => {
            let config = Config::from_env()?;
            let store = Store::open(&config.database_url).await?;
            Ok(commands::report::run(&store, &config.time_zone, from, to, clock.now()).await?)
        }
        Command::Operator { what } => {
            let store = Store::open(&Config::from_env()?.database_url).await?;
            Ok(match what {
                OperatorCommand::Add { email, role } => commands::operator::add(&store, &email, role, clock.now()).await,
                OperatorCommand::Unlock { email } => commands::operator::unlock(&store, &email, clock.now()).await,
            })
        }
        Command::Cases { decision } => cases(&Config::from_env()?, decision, clock.now()).await,
    }
}

/// A command that needs keys alone. Settings it cannot use are refused like any other input.
fn signing(command: impl FnOnce(&Signing) -> ExitCode) -> ExitCode {
    match Signing::from_env() {
        Ok(signing) => command(&signing),
        Err(error) => commands::refuse(error),
    }
}

async fn serve(config: Config, clock: SharedClock) -> Result<ExitCode, Box<dyn Error>> {
    let _told = log::begin(config.collector.as_ref());
    let shop = Shop::open(config, clock, figures::install()?).await?;
    let addr = shop.addr();
    let back_office = shop
        .demo_operator()
        .map(|demo| format!("back office http://{addr}/admin\n  Email:    {}\n  Password: {}\n", demo.email, demo.password));
    log::announce(format!("listening on http://{addr}\n{}", back_office.unwrap_or_default()));
    // Whoever reads standard error may be gone since: the log tells.
    Ok(match shop.serve(asked_to_stop()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the shop ended");
            ExitCode::FAILURE
        }
    })
}

async fn till(config: Config, clock: SharedClock) -> Result<Till, Box<dyn Error>> {
    let store = Store::open(&config.database_url).await?;
    let gate = Arc::new(Gate::new(&config.gate_url, config.project_id, config.keys.clone())?);
    Ok(Till { store, gate, config: Arc::new(config), clock })
}

async fn cases(config: &Config, decision: Option<Decision>, now: i64) -> Result<ExitCode, Box<dyn Error>> {
    let store = Store::open(&config.database_url).await?;
    let code = match decision {
        None => commands::cases::list(&store, &config.keys).await?,
        Some(Decision::Accept { id }) => {
            let catalog = Arc::new(catalogue_file::load(config.catalog_file.as_deref())?);
            commands::cases::accept(&store, &config.keys, &catalog, id, now).await?
        }
        Some(Decision::Dismiss { ids, reason }) => commands::cases::dismiss(&store, &ids, &reason, now).await?,
    };
    Ok(code)
}

/// Over with Ctrl-C or a polite request to end.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return drop(interrupt.await),
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

//! The task runner: builds, starts, tests and measures the project.
//!
//! Each command is a short file; this one lists them. It is started as `cargo xtask COMMAND`
//! (an alias in `.cargo/config.toml`) and needs nothing but Rust.

mod browser; // the browser half: WebAssembly and its JavaScript
mod programs; // the server half, and the order in which everything is built
mod site; // target/site: what the shop serves as files
mod styles; // style/main.scss to CSS

mod pair; // the shop and the sandbox as running processes
mod run; // both, until Ctrl-C
mod watch; // both, again after every change

mod bench; // the measurements
mod check; // the fast half of the tests
mod end2end; // the tests in a real browser
mod faults; // what goes wrong in the world
mod install; // what is missing on this machine
mod postgres; // a database server while tests run
mod step; // one announced, timed command
mod tally; // how many tests passed

use anyhow::{Result, bail};
use std::path::Path;
use std::process::ExitCode;

const COMMANDS: &str = "\
cargo xtask COMMAND

  run                build, then start the shop and the sandbox; Ctrl-C stops both
  dev                as run, and again after every change
  build [--release]  the browser's files and both programs
  check              format, lints for both halves, all tests that need no browser, on both databases
  e2e [ARGUMENTS…]   the tests in a real browser; arguments go to Playwright
  check postgres     the tests from outside on a PostgreSQL of their own
  faults [short] [sqlite|postgres] [NAME…]
                     does to the shop what goes wrong in the world, and counts what is lost or done twice
  cluster            three shops on one PostgreSQL behind a proxy, and the sandbox; Ctrl-C stops all
  bench              all measurements below
  bench decisions    callbacks and checkouts beside a bare durable insert: rates, times, memory
  bench growth [MOST]
                     pages, checkouts and callbacks from 1,000 orders to MOST, on both databases, with 1 to 3 shops
  bench ORDERS       the back office with so many orders (a million): times, and memory of its files
  test               install what is missing, then check and e2e
";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    match arguments[..] {
        ["run"] => run::run(),
        ["dev"] => watch::dev(),
        ["build"] => programs::build_everything(programs::Profile::Debug),
        ["build", "--release"] => programs::build_everything(programs::Profile::Release),
        ["check"] => tally::counting(check::check),
        ["check", "postgres"] => tally::counting(check::on_postgres),
        ["e2e", ref rest @ ..] => tally::counting(|tally| end2end::end2end(rest, tally)),
        ["bench", ref rest @ ..] => bench::bench(rest),
        ["cluster"] => faults::cluster(),
        ["faults", ref rest @ ..] => faults::faults(rest),
        ["test"] => tally::counting(|tally| {
            install::everything()?;
            check::check(tally)?;
            end2end::end2end(&[], tally)
        }),
        [] | ["help" | "--help" | "-h"] => {
            print!("{COMMANDS}");
            Ok(())
        }
        _ => bail!("there is no command `{}`\n\n{COMMANDS}", arguments.join(" ")),
    }
}

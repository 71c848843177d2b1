//! A log that cannot be written stops nothing: requests go on, and lost lines are counted.

use std::{
    fs::File,
    io::{PipeReader, pipe},
    process::Stdio,
};

use crate::kit::{
    Customer, Folder, Program, Sandbox, eventually, free_port, sandbox_logging_to, settings_for, shop_program_logging_to,
};

/// Far more lines than a pipe holds.
const REFUSED: usize = 300;

/// A shop whose log goes there.
struct Stand {
    program: Program,
    metrics: String,
    _sandbox: Sandbox,
    _folder: Folder,
}

impl Stand {
    fn logging_to(log: Stdio) -> Self {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, &[]);
        let settings = settings_for(free_port(), &sandbox, &folder, &[]);
        let metrics = format!("http://{}/metrics", settings["METRICS_ADDR"]);
        Self { program: shop_program_logging_to(log, &folder, &settings), metrics, _sandbox: sandbox, _folder: folder }
    }

    /// Each refused callback leaves some lines in the log.
    async fn goes_on_whatever_is_logged(&self) {
        let customer = Customer::of(&self.program.address);
        for number in 0..REFUSED {
            assert_eq!(customer.sends("/callbacks", "application/json", b"{}".to_vec()).await.status, 400, "callback {number}");
        }
        for path in ["/healthz", "/readyz", "/"] {
            assert_eq!(customer.opens(path).await.status, 200, "{path}");
        }
        let lost = eventually("a lost line is counted", async || {
            customer.sends("/callbacks", "application/json", b"{}".to_vec()).await;
            let metrics = customer.opens(&self.metrics).await.body;
            let lost = metrics.lines().find_map(|line| line.strip_prefix("log_lines_lost_total "))?.parse::<u64>().ok()?;
            (lost > 0).then_some(lost)
        });
        assert!(lost.await > 0);
    }
}

/// A pipe, and the end that could be read.
fn unread() -> (PipeReader, Stdio) {
    let (reader, writer) = pipe().expect("a pipe");
    (reader, Stdio::from(writer))
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_no_request() {
    let (_reader, log) = unread();
    Stand::logging_to(log).goes_on_whatever_is_logged().await;
}

#[tokio::test]
async fn a_log_whose_reader_is_gone_ends_nothing() {
    let (reader, log) = unread();
    drop(reader);
    Stand::logging_to(log).goes_on_whatever_is_logged().await;
}

#[tokio::test]
async fn the_sandbox_goes_on_without_a_log_too() {
    let (_reader, unread) = unread();
    let full = File::options().write(true).open("/dev/full").expect("a device that is always full");
    for log in [unread, full.into()] {
        let folder = Folder::new();
        let sandbox = sandbox_logging_to(log, &folder);
        let customer = Customer::of(&sandbox.address);
        for _ in 0..REFUSED {
            assert_eq!(customer.opens(&format!("{}/control/payments", sandbox.address)).await.status, 200);
        }
    }
}

#[tokio::test]
async fn a_log_on_a_full_device_ends_nothing() {
    let log = File::options().write(true).open("/dev/full").expect("a device that is always full");
    Stand::logging_to(Stdio::from(log)).goes_on_whatever_is_logged().await;
}

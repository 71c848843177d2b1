//! The sandbox with a full disk, and with a log that nobody reads or that cannot be written.

use serde_json::json;

use crate::kit::merchant::{Merchant, PAYCO, STATUS, general, sale};

/// The kernel would end a program that writes beyond the limit; a full disk does not.
const OUTLIVES_A_FULL_DISK: &str = "trap '' XFSZ";

#[tokio::test]
async fn while_its_disk_is_full_the_sandbox_answers_not_now_and_afterwards_it_goes_on() {
    let merchant = Merchant::opens_after(OUTLIVES_A_FULL_DISK);
    merchant.does(PAYCO, &sale(PAYCO, "before")).await;
    merchant.sandbox.may_write_files_up_to("0");
    for _ in 0..5 {
        let refused = merchant.sends(PAYCO, &sale(PAYCO, "during")).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "1"), "{}", refused.body);
        let refused = merchant.http.sends("/control/reset", "application/json", Vec::new()).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "1"), "{}", refused.body);
    }
    merchant.sandbox.may_write_files_up_to("unlimited");
    assert_eq!(merchant.http.opens("/control/payments/during").await.status, 404, "nothing of it was done");
    merchant.does(PAYCO, &sale(PAYCO, "during")).await;
    merchant.newest_callback("during", "awaiting redirect result").await;
    assert_eq!(merchant.status("before").await["payment"]["id"], "before");
}

#[tokio::test]
async fn a_log_that_nobody_takes_stops_nothing() {
    for (log, prepare) in [
        ("a pipe that nobody reads", "mkfifo log; exec 2<>log"),
        ("a pipe whose reader has gone", "mkfifo log; exec 3<>log 2>log 3<&-"),
        ("a full device", "exec 2>/dev/full"),
        ("closed", "exec 2>&-"),
    ] {
        let merchant = Merchant::opens_after(&format!("export RUST_LOG=trace; {prepare}"));
        // Each callback is tried until the platform gives up, and each try is a line.
        merchant.faults(json!({ "duplicate": 40 })).await;
        merchant.does(PAYCO, &sale(PAYCO, "a")).await;
        merchant.time_passes(60 * 60).await;
        let told = merchant.sends(STATUS, &json!({ "general": general("a") })).await;
        assert_eq!(told.status, 200, "{log}: {}", told.body);
    }
}

//! A database that another version of the shop uses, too.

use crate::kit::{TestShop, by_hand};

const NEWER: &str =
    "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (99, 'later', '2026-01-01T00:00:00Z', '1')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_a_newer_shop_brought_further_is_used_as_long_as_it_suits() {
    let shop = TestShop::start().await;
    by_hand(&shop.folder, NEWER).expect("a newer history");
    assert_eq!(shop.command(&["books"], "").code, 0, "an older program may live with it");
    by_hand(&shop.folder, "UPDATE oldest_program SET version = 99").expect("a newer database");
    let said = shop.command(&["books"], "");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains("migration 99") && said.stderr.contains("newer version"), "it says why: {said:?}");
}

//! `storefront move-to`: every row of a SQLite shop stands in PostgreSQL once, whatever happens meanwhile, and the shop goes on there.

use std::{net::TcpListener, time::Duration};

use crate::{
    commands::books::is_busy,
    kit::{
        Callback, Said, TestShop,
        copies::{FurtherDatabase, ShopFile, checked, shop_in_a_file, with_database},
        kill_storefront_when, storefront,
    },
};

/// Many orders that are paid, past the shop.
const ORDERS: &str = "
    CREATE TEMPORARY TABLE made (i, id, payment);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO made SELECT i, i + 1000, 'M' || i || '-1' FROM n;
    INSERT INTO orders (id, number, token, order_key, market, language, customer_id, email, total_minor, currency, placed_at, held_until,
                        paid_by, state, status, method, paid_minor, paid_at)
    SELECT id, 'M' || i, 'token ' || i, 'key ' || i, 'BE', 'en', 'c' || i, 'm@example.com', 100 + i, 'EUR', 1793232000 + i, 0, payment, 'paid',
           'success', 'bancontact', 100 + i, 1793232060 + i FROM made;
    INSERT INTO order_lines (order_id, position, slug, name, quantity, unit_minor) SELECT id, 0, 'flax-twine', 'Flax twine', 1, 100 + i FROM made;
    INSERT INTO attempts (payment_id, order_id, position, turn, method, amount_minor, currency, started_at, begins_before, status, status_at,
                          code, paid_with, taken_minor)
    SELECT payment, id, 0, 1, 'bancontact', 100 + i, 'EUR', 1793232000 + i, 1793232000 + i, 'success', 1793232060 + i, '0', 'bancontact', 100 + i FROM made;
    INSERT INTO callbacks (digest, body, payment_id, verdict, received_at, last_at)
    SELECT CAST('digest ' || i AS BLOB), zeroblob(500), payment, 'applied', 1793232060 + i, 1793232060 + i FROM made;
    INSERT INTO postings (id, kind, reference, currency, posted_at) SELECT id, 'sale', payment, 'EUR', 1793232060 + i FROM made;
    INSERT INTO entries (posting, account, amount_minor) SELECT id, 'platform', 100 + i FROM made UNION ALL SELECT id, 'sales', -100 - i FROM made;";

/// A shop with something of everything, and a copy of its file that nobody serves.
async fn busy_shop_in_a_file() -> (TestShop, ShopFile) {
    let shop = shop_in_a_file(&[]).await;
    is_busy(&shop).await;
    let copy = ShopFile(shop.folder.path("copy.db"));
    assert_eq!(shop.command(&["backup", &copy.0.display().to_string()], "").code, 0);
    (shop, copy)
}

fn moved(shop: &TestShop, from: &ShopFile, to: &str) -> Said {
    storefront(&shop.folder, &with_database(&shop.settings, &from.address()), &["move-to", to], "")
}

fn is_refused(said: &Said, why: &str) {
    assert!(said.code == 2 && said.stderr.contains(why) && !said.stdout.contains("moved"), "{why}: {said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moved_shop_has_all_it_had_and_sells_and_refunds_on_the_server() {
    let Some(database) = FurtherDatabase::new() else { return };
    let shop = shop_in_a_file(&[]).await;
    let purchase = is_busy(&shop).await;
    let file = ShopFile::of(&shop.folder);
    let (books, cases) = (shop.books(), shop.open_cases());
    is_refused(&moved(&shop, &file, &database.address()), "the shop runs, or another program has");
    assert_eq!(database.number("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"), 0);

    let (folder, sandbox, settings) = shop.stops().await;
    let said = storefront(&folder, &settings, &["move-to", &database.address()], "");
    assert_eq!(said.code, 0, "{said:?}");
    for line in [
        "callbacks: ",
        "the same on both sides: orders: 1, in all 3.50 EUR",
        "the same on both sides: entries of platform: 2, in all 7.00 EUR",
        "the same on both sides: every row of every table",
        "moved: set DATABASE_URL",
    ] {
        assert!(said.stdout.contains(line), "{line}: {said:?}");
    }
    let said = storefront(&folder, &settings, &["books"], "");
    assert!(said.code == 1 && said.stderr.contains("was moved to a server"), "{said:?}");
    // Whoever is not sure runs it again.
    let said = storefront(&folder, &settings, &["move-to", &database.address()], "");
    assert!(said.code == 0 && said.stdout.contains("everything is there already"), "{said:?}");

    let shop = TestShop::open(folder, sandbox, &[("DATABASE_URL", &database.address())], Duration::ZERO).await;
    assert_eq!((shop.books(), shop.open_cases()), (books, cases));
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    let bought = shop.sold("KR", "payco-wallet").await;
    for payment_id in [bought.payment_id(), purchase.payment_id()] {
        let said = shop.command(&["refund", payment_id, "--reason", "x"], "");
        assert_eq!(said.code, 0, "{said:?}");
    }
    shop.customer().sees(&bought.order_path(), "refunded").await;
    shop.customer().sees(&purchase.order_path(), "refunded").await;
    let said = shop.command(&["check"], "");
    assert!(said.code == 0 && said.stdout.ends_with("the database is whole\n"), "{said:?}");
    // What is served is nobody's target.
    is_refused(&moved(&shop, &file, &database.address()), "and no copy of this shop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_killed_at_any_moment_leaves_nothing_and_the_next_one_is_whole() {
    let Some(database) = FurtherDatabase::new() else { return };
    let (shop, file) = busy_shop_in_a_file().await;
    file.changes(ORDERS);
    let settings = with_database(&shop.settings, &file.address());
    let address = database.address();
    for moment in ["COPY orders", "COPY entries", "SELECT \"posting\"", "LOCK TABLE"] {
        let _lock = (moment == "LOCK TABLE").then(|| database.is_locked());
        kill_storefront_when(&shop.folder, &settings, &["move-to", &address], async || database.is_busy_with(moment)).await;
        assert_eq!(database.number("SELECT count(*) FROM orders"), 0, "{moment}");
    }
    let said = moved(&shop, &file, &address);
    assert_eq!(said.code, 0, "{said:?}");
    for table in ["orders", "order_lines", "attempts", "callbacks", "postings", "entries", "transfers", "cases", "questions"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(database.number(&count), file.number(&count), "{table}");
    }
    let said = checked(&shop, &address);
    assert_eq!(said.code, 0, "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_to_where_something_else_is_changes_nothing() {
    let Some(database) = FurtherDatabase::new() else { return };
    let (shop, file) = busy_shop_in_a_file().await;
    let address = database.address();
    let refused = |from: &ShopFile, why: &str| is_refused(&moved(&shop, from, &address), why);

    database.changes("CREATE TABLE recipes (name TEXT)");
    refused(&file, "a table recipes that is not a shop's");
    database.changes("DROP TABLE recipes");
    database.asks_the_server(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name));
    refused(&file, "can be read and not written");
    database.asks_the_server(&format!("ALTER DATABASE {} RESET default_transaction_read_only", database.name));

    let other = FurtherDatabase::new().expect("a server");
    assert_eq!(moved(&shop, &file, &other.address()).code, 0);
    other.changes("UPDATE callbacks SET deliveries = deliveries + 1");
    is_refused(&moved(&shop, &file, &other.address()), "and no copy of this shop");
    other.changes("INSERT INTO refinery_schema_history VALUES (99, 'later', '2099-01-01T00:00:00Z', '1')");
    is_refused(&moved(&shop, &file, &other.address()), "not of this version of the shop (it is of a newer version");

    let newer = ShopFile(shop.folder.path("newer.db"));
    std::fs::copy(&file.0, &newer.0).expect("a copy");
    newer.changes("INSERT INTO refinery_schema_history VALUES (99, 'later', '2099-01-01T00:00:00Z', '1')");
    refused(&newer, "the SQLite shop is not of this version");
    refused(&ShopFile(shop.folder.path("nowhere.db")), "there is no database at");
    is_refused(&moved(&shop, &file, "sqlite://other.db"), "the argument a postgres://");
    assert_eq!(database.number("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_or_lets_nobody_in_is_named() {
    let (shop, file) = busy_shop_in_a_file().await;
    let mute = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("postgres://somebody@{}/shop?connect_timeout=1", mute.local_addr().expect("its address"));
    is_refused(&moved(&shop, &file, &address), "does not answer");
    let Some(database) = FurtherDatabase::new() else { return };
    let address = database.address();
    let (_, place) = address.split_once('@').expect("a user");
    is_refused(&moved(&shop, &file, &format!("postgres://nobody:wrong@{place}")), "it does not let this user in");
    is_refused(&moved(&shop, &file, &format!("{address}0")), "there is no database of this name");
}

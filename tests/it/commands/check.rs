//! `storefront check`: a whole database is called whole, each kind of damage is found and named, and nothing is changed.

use std::{fs, io::Write, path::Path};

use crate::{
    commands::books::is_busy,
    kit::{
        Said, TestShop,
        copies::{FurtherDatabase, ShopFile, checked, shop_in_a_file, with_database},
        storefront,
    },
};

/// A batch of one row, which has become the refund r1.
const BATCH: &str = "
    INSERT INTO operators (id, email, role, added_at) VALUES (77, 'a@example.com', 'owner', 0);
    INSERT INTO batches (id, name, kind, file_name, columns, state, uploaded_by, uploaded_at, touched_at)
    VALUES (7, 'seven', 'refund', 'a.csv', '[]', 'finished', 77, 0, 0);
    INSERT INTO batch_rows (batch_id, position, cells, state, name, amount_minor, currency, transfer_id)
    SELECT 7, 2, '[]', 'done', 'r1', 100, 'KRW', id FROM transfers WHERE name = 'r1';";

/// Done by hand, and what is said of it. `{ON table}` is what PostgreSQL wants to hear of a trigger's table.
const DAMAGES: [(&str, &str); 14] = [
    ("DROP TRIGGER entries_stay {ON entries}", "tables: trigger entries_stay: it is not there"),
    ("DROP INDEX orders_by_email", "tables: index orders_by_email: it is not there"),
    ("ALTER TABLE orders DROP COLUMN phone", "tables: {column orders.phone}"),
    ("DROP VIEW movements", "tables: {view movements}"),
    (
        "{UNBOUND cases} UPDATE cases SET callback_id = 999999",
        "references: cases.callback_id: the row of callbacks that it names is not there (1×)",
    ),
    ("UPDATE attempts SET taken_minor = taken_minor - 1 WHERE method = 'paymaya-wallet'", "books: sale "),
    (
        "DROP TRIGGER entries_stay {ON entries}; UPDATE entries SET amount_minor = 15001 WHERE amount_minor = 15000",
        "books: payout p1: its entries in the journal do not belong together",
    ),
    (
        "{FORGET} DELETE FROM entries WHERE posting IN (SELECT id FROM postings WHERE kind = 'sale' AND currency = 'PHP');
         DELETE FROM postings WHERE kind = 'sale' AND currency = 'PHP'",
        "paid orders: order ",
    ),
    ("UPDATE orders SET refunded_minor = refunded_minor + 1 WHERE currency = 'PHP'", "registry: order "),
    ("UPDATE order_totals SET paid_minor = paid_minor + 1", "registry: day "),
    (
        "UPDATE batch_rows SET state = 'pending' WHERE name = 'r1'",
        "batches: batch 7, row 2: it is called pending, and its refund or payout done",
    ),
    ("DELETE FROM refinery_schema_history", "version: it is of an older version and lacks the step V1 shop"),
    (
        "INSERT INTO refinery_schema_history VALUES (99, 'later', '2099-01-01T00:00:00Z', '1')",
        "version: it is of a newer version and has the step V99 later",
    ),
    ("UPDATE refinery_schema_history SET checksum = '1'", "version: it was made by another build"),
];

/// In the words of an engine.
fn words(text: &str, on_postgresql: bool) -> String {
    let swaps = [
        ("{ON entries}", "", "ON entries"),
        ("{UNBOUND cases}", "PRAGMA foreign_keys = OFF;", "ALTER TABLE cases DROP CONSTRAINT cases_callback_id_fkey;"),
        (
            "{FORGET}",
            "DROP TRIGGER entries_are_kept; DROP TRIGGER postings_are_kept;",
            "ALTER TABLE entries DISABLE TRIGGER USER; ALTER TABLE postings DISABLE TRIGGER USER;",
        ),
        ("{column orders.phone}", "table orders: it is not as this version makes it", "column orders.phone: it is not there"),
        ("{view movements}", "view movements: it is not there", "column movements.number: it is not there"),
    ];
    swaps.iter().fold(text.to_owned(), |text, (mark, file, server)| text.replace(mark, if on_postgresql { server } else { file }))
}

fn is_found(said: &Said, damage: &str, named: &str) {
    let finds = said.stdout.lines().any(|line| line.starts_with("FAIL  ") && line.contains(named));
    assert!(said.code == 1 && finds && said.stdout.ends_with("the database is NOT whole\n"), "{damage}: {named}: {said:?}");
}

/// A whole shop in a file that nobody serves.
async fn busy_shop_in_a_file() -> (TestShop, ShopFile) {
    let shop = shop_in_a_file(&[]).await;
    is_busy(&shop).await;
    let copy = ShopFile(shop.folder.path("copy.db"));
    assert_eq!(shop.command(&["backup", &copy.0.display().to_string()], "").code, 0);
    copy.changes(BATCH);
    (shop, copy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_damage_is_found_in_a_file_and_nothing_is_changed() {
    let (shop, whole) = busy_shop_in_a_file().await;
    let said = checked(&shop, &whole.address());
    assert!(said.code == 0 && said.stdout.ends_with("the database is whole\n"), "{said:?}");
    assert_eq!(said.stdout.lines().filter(|line| line.starts_with("ok ")).count(), 9, "{said:?}");
    for (damage, named) in DAMAGES {
        let broken = ShopFile(shop.folder.path("broken.db"));
        fs::copy(&whole.0, &broken.0).expect("a copy");
        broken.changes(&words(damage, false));
        let before = fs::read(&broken.0).expect("the file");
        is_found(&checked(&shop, &broken.address()), damage, &words(named, false));
        assert!(fs::read(&broken.0).expect("the file") == before, "{damage}: the file was changed");
    }
}

/// Overwrites the first page of an index.
fn damage_a_page(file: &ShopFile) {
    let page = file.number("SELECT rootpage FROM sqlite_master WHERE name = 'orders_for_reports'") - 1;
    let size = file.number("PRAGMA page_size");
    let mut bytes = fs::read(&file.0).expect("the file");
    let start = usize::try_from(page * size).expect("a place");
    bytes[start..start + 100].fill(0xA5);
    fs::File::create(&file.0).and_then(|mut file| file.write_all(&bytes)).expect("a write");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_not_whole_and_what_is_no_database_cannot_be_opened() {
    let (shop, file) = busy_shop_in_a_file().await;
    damage_a_page(&file);
    is_found(&checked(&shop, &file.address()), "a page", "pages: ");

    let empty = ShopFile(shop.folder.holds("empty.db", "").into());
    is_found(&checked(&shop, &empty.address()), "an empty file", "version: it holds no shop");
    let half: Vec<u8> = fs::read(&file.0).expect("the file");
    fs::write(shop.folder.path("half.db"), &half[..half.len() / 2]).expect("a file");
    is_found(&checked(&shop, &ShopFile(shop.folder.path("half.db")).address()), "half a file", "pages: ");

    let text = ShopFile(shop.folder.holds("text.db", &"no database ".repeat(1000)).into());
    let nowhere = ShopFile(shop.folder.path("nowhere.db"));
    for (address, why) in [(text.address(), "file is not a database"), (nowhere.address(), "there is no database at")] {
        let said = checked(&shop, &address);
        assert!(said.code == 2 && said.stderr.contains(why), "{said:?}");
    }
    assert!(!Path::new(&nowhere.0).exists(), "nothing is made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_runs_is_checked_beside_it() {
    let shop = TestShop::start().await;
    is_busy(&shop).await;
    let said = shop.command(&["check"], "");
    assert!(said.code == 0 && said.stdout.ends_with("the database is whole\n"), "{said:?}");
    assert_eq!(shop.sold("BE", "bancontact").await.currency(), "EUR");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_damage_is_found_on_a_server() {
    let Some(whole) = FurtherDatabase::new() else { return };
    let (shop, file) = busy_shop_in_a_file().await;
    let settings = with_database(&shop.settings, &file.address());
    assert_eq!(storefront(&shop.folder, &settings, &["move-to", &whole.address()], "").code, 0);
    let said = checked(&shop, &whole.address());
    assert_eq!(said.code, 0, "{said:?}");
    let of_servers = [
        ("ALTER TABLE orders DISABLE TRIGGER order_totals_gain", "tables: trigger order_totals_gain: it is not there"),
        ("ALTER TABLE postings DROP CONSTRAINT postings_kind_reference_key", "tables: unique postings (kind, reference)"),
        ("ALTER TABLE order_lines DROP CONSTRAINT order_lines_order_id_fkey", "tables: foreign key order_lines (order_id)"),
        ("SELECT setval('orders_id_seq', 1)", "numbers: orders: the next row would be number 2"),
    ];
    for (damage, named) in DAMAGES.into_iter().chain(of_servers) {
        let broken = FurtherDatabase::new().expect("a server");
        broken.is_made_like(&whole);
        broken.changes(&words(damage, true));
        is_found(&checked(&shop, &broken.address()), damage, &words(named, true));
    }
    let address = whole.address();
    let (_, place) = address.split_once('@').expect("a user");
    for (address, why) in [
        (format!("{address}0"), "there is no database of this name"),
        (format!("postgres://nobody:wrong@{place}"), "it does not let this user in"),
        ("postgres://127.0.0.1:1/none".to_owned(), "not available"),
    ] {
        let said = checked(&shop, &address);
        assert!(said.code == 2 && said.stderr.contains(why), "{address}: {said:?}");
    }
}

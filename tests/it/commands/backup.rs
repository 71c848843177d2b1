//! `storefront backup`: a copy of a SQLite shop that is served meanwhile, and what PostgreSQL's own programs make of theirs.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{
    commands::books::is_busy,
    kit::{
        Callback, Folder, Said, Sandbox, TestShop,
        copies::{FurtherDatabase, ShopFile, checked, shop_in_a_file, with_database},
        storefront,
    },
};
use serde_json::json;

fn backup(shop: &TestShop, to: &ShopFile) -> Said {
    shop.command(&["backup", &to.0.display().to_string()], "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_restored_is_the_shop_as_it_was_its_journal_included() {
    let shop = shop_in_a_file(&[]).await;
    let purchase = is_busy(&shop).await;
    let copy = ShopFile(shop.folder.path("copy.db"));
    let said = backup(&shop, &copy);
    assert!(said.code == 0 && said.stdout.contains("is complete"), "{said:?}");
    assert_eq!(fs::metadata(&copy.0).expect("the copy").permissions().mode() & 0o777, 0o600);
    assert!(!shop.folder.path("copy.db.incomplete").exists());
    let rows = copy.all_rows();
    assert!(rows["callbacks"].len() > 5 && rows["entries"].len() > 8, "{rows:?}");
    assert_eq!(rows, ShopFile::of(&shop.folder).all_rows());
    let said = checked(&shop, &copy.address());
    assert!(said.code == 0 && said.stdout.ends_with("the database is whole\n"), "{said:?}");

    // Another computer, on which there is the copy alone.
    let folder = Folder::new();
    let restored = ShopFile::of(&folder);
    fs::copy(&copy.0, &restored.0).expect("a copy");
    let sandbox = Sandbox::start(&folder, &[]);
    let elsewhere = TestShop::open(folder, sandbox, &[("DATABASE_URL", &restored.address())], Duration::ZERO).await;
    assert_eq!(elsewhere.books(), shop.books());
    assert_eq!(elsewhere.open_cases(), shop.open_cases());
    assert_eq!(elsewhere.status_of(&purchase).await, "success");
    let again = Callback::sale(&purchase, "success").signed();
    assert_eq!(elsewhere.receives(again).await, 200);
    assert_eq!(elsewhere.books(), shop.books());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_has_every_callback_that_was_acknowledged_before_it_began() {
    let shop = Arc::new(shop_in_a_file(&[]).await);
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let (acknowledged, is_over) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let platform = {
        let (shop, acknowledged, is_over) = (shop.clone(), acknowledged.clone(), is_over.clone());
        tokio::spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                let number = acknowledged.load(Ordering::SeqCst);
                let told = Callback::sale(&purchase, "processing").with("/time", json!(number)).signed();
                assert_eq!(shop.receives(told).await, 200);
                acknowledged.store(number + 1, Ordering::SeqCst);
            }
        })
    };
    let mut last = 0;
    for number in 0..5 {
        let copy = ShopFile(shop.folder.path(&format!("copy-{number}.db")));
        let before = i64::from(acknowledged.load(Ordering::SeqCst));
        let (of, to) = (shop.clone(), ShopFile(copy.0.clone()));
        let said = tokio::task::spawn_blocking(move || backup(&of, &to)).await.expect("its end");
        assert_eq!(said.code, 0, "{said:?}");
        let kept = copy.number("SELECT count(*) FROM callbacks");
        assert!(kept >= before && kept >= last, "{kept} kept, {before} acknowledged");
        let said = checked(&shop, &copy.address());
        assert_eq!(said.code, 0, "{said:?}");
        last = kept;
    }
    is_over.store(true, Ordering::SeqCst);
    platform.await.expect("every callback was acknowledged");
    assert!(i64::from(acknowledged.load(Ordering::SeqCst)) > last, "callbacks came in to the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_takes_no_files_place_and_is_there_whole_or_not_at_all() {
    let shop = shop_in_a_file(&[]).await;
    let taken = ShopFile(shop.folder.holds("taken.db", "somebody's").into());
    let said = backup(&shop, &taken);
    assert!(said.code == 2 && said.stderr.contains("taken.db is there already"), "{said:?}");
    assert_eq!(shop.folder.read("taken.db"), "somebody's");

    // As a backup that was killed leaves it.
    shop.folder.holds("killed.db.incomplete", "a part");
    let said = backup(&shop, &ShopFile(shop.folder.path("killed.db")));
    assert!(said.code == 2 && said.stderr.contains("killed.db.incomplete is there"), "{said:?}");
    assert!(!shop.folder.path("killed.db").exists());

    let said = backup(&shop, &ShopFile(shop.folder.path("no-such-folder/copy.db")));
    assert!(said.code == 2 && said.stderr.contains("could not be written"), "{said:?}");
    let nowhere = ShopFile(shop.folder.path("nowhere.db"));
    let settings = with_database(&shop.settings, &nowhere.address());
    let said = storefront(&shop.folder, &settings, &["backup", "copy.db"], "");
    assert!(said.code == 2 && said.stderr.contains("there is no database at"), "{said:?}");
    let damaged = ShopFile(shop.folder.holds("damaged.db", &"no database ".repeat(1000)).into());
    let said = storefront(&shop.folder, &with_database(&shop.settings, &damaged.address()), &["backup", "copy.db"], "");
    assert!(said.code == 2 && said.stderr.contains("could not be made"), "{said:?}");
    for name in ["copy.db", "copy.db.incomplete", "nowhere.db"] {
        assert!(!shop.folder.path(name).exists(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_on_postgresql_comes_back_from_its_dump() {
    let (Some(database), Some(restored)) = (FurtherDatabase::new(), FurtherDatabase::new()) else { return };
    let shop = shop_in_a_file(&[]).await;
    is_busy(&shop).await;
    let copy = ShopFile(shop.folder.path("copy.db"));
    assert_eq!(backup(&shop, &copy).code, 0);
    let settings = with_database(&shop.settings, &copy.address());
    let said = storefront(&shop.folder, &settings, &["move-to", &database.address()], "");
    assert_eq!(said.code, 0, "{said:?}");

    let settings = with_database(&shop.settings, &database.address());
    let said = storefront(&shop.folder, &settings, &["backup", "shop.dump"], "");
    assert!(said.code == 2 && said.stderr.contains("pg_dump --format=custom"), "{said:?}");
    restored.is_restored_from(&database, &shop.folder);
    let said = checked(&shop, &restored.address());
    assert!(said.code == 0 && said.stdout.ends_with("the database is whole\n"), "{said:?}");
    let books = |of: &FurtherDatabase| storefront(&shop.folder, &with_database(&shop.settings, &of.address()), &["books"], "");
    assert_eq!(books(&restored).stdout, shop.command(&["books"], "").stdout);
}

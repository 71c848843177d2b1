//! What operators did stays on record: nobody changes it afterwards, not even with the database in hand.

use crate::kit::{Operator, TestShop, by_hand, people::joins};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_is_never_changed() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    joins(&shop, &owner, "newcomer@shop.example", "finance").await;
    let table = async || {
        let page = owner.sees("/admin/acts").await.body;
        page.split("<table").nth(1).and_then(|rest| rest.split("</table>").next()).expect("a table").to_owned()
    };
    let before = table().await;
    assert!(before.contains("newcomer@shop.example"), "{before}");
    let of_both = [
        "UPDATE acts SET detail = 'nothing'",
        "DELETE FROM acts",
        "INSERT INTO acts (id, at, operator, act, subject) SELECT id, 0, 'somebody else', act, subject FROM acts WHERE TRUE
         ON CONFLICT (id) DO UPDATE SET detail = 'nothing'",
        "UPDATE admissions SET at = 0",
        "DELETE FROM admissions",
    ];
    // SQLite replaces rows in words of its own, and no trigger hears that one is deleted.
    let of_sqlite = [
        "INSERT OR REPLACE INTO acts (id, at, operator, act, subject) SELECT id, 0, 'somebody else', act, subject FROM acts",
        "INSERT OR REPLACE INTO admissions SELECT id, operator_id, let_in_by, act, 0 FROM admissions",
    ];
    // A server empties whole tables without asking a row.
    let of_servers = ["TRUNCATE acts", "TRUNCATE admissions"];
    let of_one = if shop.folder.database_on_server().is_none() { of_sqlite } else { of_servers };
    for sql in of_both.iter().chain(&of_one) {
        let refused = by_hand(&shop.folder, sql).expect_err(sql);
        assert!(refused.contains("what was done is never changed"), "{sql}: {refused}");
    }
    assert_eq!(table().await, before);
}

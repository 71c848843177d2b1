//! Uploaded files of refunds and payouts: a file that cannot be read is refused as a whole, a row that cannot be done by itself.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::kit::{
    Operator, Page, TestShop,
    batch_files::{payouts, refunds},
    eventually,
};

const HEAD: &str = "general.payment_id,payment.amount,payment.currency,payment.description\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_read_is_refused_whole_with_its_row() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let with = |rows: &[u8]| [HEAD.as_bytes(), rows].concat();
    let ten_megabytes = [b"x,1,EUR,", vec![b'y'; 10_000_000].as_slice(), b"\n"].concat();
    let many = b"x,1,EUR,y\n".repeat(100_001);
    for (file, said) in [
        (Vec::new(), "The file is empty"),
        (with(b""), "The file has a header and no rows"),
        (b"payment,sum\nx,1\n".to_vec(), "The header names a column \"payment\""),
        (b"x,1,EUR,y\nx,2,EUR,y\n".to_vec(), "The header names a column \"x\""),
        (b"general.payment_id,payment.description,signature\nx,y,z\n".to_vec(), "a column \"signature\""),
        (b"general.payment_id,general.payment_id,payment.description\nx,x,y\n".to_vec(), "general.payment_id twice"),
        (b"general.payment_id\nx\n".to_vec(), "The column payment.description is missing"),
        (b"general.payment_id,payment.description,payment.amount\nx,y,1\n".to_vec(), "belong together"),
        (with(b"x,1,EUR,y\0\n"), "Row 2 holds a NUL byte"),
        (with(b"x,1,EUR,y\nx,1,EUR,\xE9\n"), "Row 3 is not UTF-8"),
        (b"\xFF\xFEg\0e\0n\0".to_vec(), "Row 1 "),
        (b"PK\x03\x04\x14\0\x06\0".to_vec(), "Row 1 holds a NUL byte"),
        (with(&ten_megabytes), "Row 2 has a cell of more than 1,000 characters"),
        (with(b"x,1,EUR,\"y\nx,2,EUR,z\n"), "Row 2 begins a quotation that never ends"),
        (with(b"x,1,EUR,y \"z\"\n"), "Row 2 has a quotation mark in the middle"),
        (with(b"x,1,EUR,y\nx,2,E"), "Row 3 has 3 cells and the header 4: the file may have been cut off"),
        (with(b"x,1,000,EUR,y\n"), "Row 2 has 5 cells and the header 4"),
        (with(&many), "The file has more than 100,000 rows"),
    ] {
        let page = finance.uploads("bad.csv", &file).await;
        assert_eq!(page.status, 422, "{said}");
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let unnamed = finance.uploads("", HEAD).await;
    assert!(unnamed.status == 422 && unnamed.body.contains("Choose a file"), "{}", unnamed.body);
    let other_form = finance.posts("/admin/batches", &[("file", HEAD)]).await;
    assert_eq!(other_form.status, 400);
    let too_large = finance.uploads("large.csv", vec![b'x'; 65 * 1024 * 1024]).await;
    assert!([413, 422].contains(&too_large.status), "{}", too_large.status);
    assert_eq!(shop.folder.stored_batch_rows(), (0, 0), "nothing of them is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_cannot_be_done_is_refused_with_its_reason_and_the_others_are_ready() {
    let shop = TestShop::start().await;
    let (korean, belgian, filipino) = (shop.customer(), shop.customer(), shop.customer());
    let payco = korean.buys("KR", "payco-wallet", "approve").await;
    let bancontact = belgian.buys("BE", "bancontact", "approve").await;
    let paymaya = filipino.buys("PH", "paymaya-wallet", "approve").await;
    let unpaid = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let refunded = shop.sold("KR", "payco-wallet").await;
    assert_eq!(shop.command(&["refund", refunded.payment_id(), "--reason", "x", "--name", "taken"], "").code, 0);
    shop.customer().sees(&refunded.order_path(), "refunded").await;
    let (id, total) = (payco.payment_id(), payco.amount());
    let above = total + 1;
    let rows = [
        (format!("{id},100,KRW,good,"), "ready"),
        (format!("{id},100,KRW,good,"), "the same as row 2; if it is meant twice, tell them apart by payment.merchant_refund_id"),
        (format!("{},100,KRW, good ,", id.to_lowercase()), "the same as row 2"),
        (format!("{id},100,KRW,good,told-apart"), "ready"),
        (format!("{id},101,KRW,good,Told-Apart"), "row 5 has this name already"),
        (format!("{id},102,KRW,good,taken"), "has this name already"),
        (format!("{id},\"1,000\",KRW,x,"), "payment.amount \"1,000\" is no whole number of minor units"),
        (format!("{id},10.00,KRW,x,"), "is no whole number"),
        (format!("{id},1e3,KRW,x,"), "is no whole number"),
        (format!("{id},+5,KRW,x,"), "is no whole number"),
        (format!("{id}, 5,KRW,x,"), "is no whole number"),
        (format!("{id},=1+1,KRW,x,"), "is no whole number"),
        (format!("{id},0,KRW,x,"), "payment.amount is nothing"),
        (format!("{id},99999999999999999999,KRW,x,"), "is too large"),
        (format!("{id},5,WON,x,"), "payment.currency \"WON\" is no currency"),
        (format!("{id},5,,x,"), "belong together"),
        (format!("{id},5,KRW,,"), "payment.description is empty"),
        (format!("{id},5,KRW,a;b,"), "payment.description holds a sign that cannot be sent: ;"),
        (",5,KRW,x,".to_owned(), "general.payment_id is empty"),
        ("=cmd|'/c calc'!A1,5,KRW,x,".to_owned(), "the shop knows no payment of this id"),
        ("@nobodys,5,KRW,x,".to_owned(), "the shop knows no payment of this id"),
        // Another market's: the row says won.
        (format!("{},5,KRW,x,", bancontact.payment_id()), "it was paid in EUR"),
        (format!("{},5,EUR,x,", bancontact.payment_id()), "ready"),
        (format!("{},5,PHP,x,", paymaya.payment_id()), "PayMaya has no refunds"),
        (format!("{},5,KRW,x,", unpaid.payment_id()), "this payment was not paid"),
        (format!("{},5,KRW,x,", refunded.payment_id()), "it is refunded already"),
        (format!("{id},{above},KRW,x,"), "is left to refund after the rows before it"),
        // Three rows that together exceed what was paid: the last is refused.
        (format!("{id},{},KRW,x,", total - 300), "ready"),
        (format!("{id},101,KRW,x,"), "only 100 KRW is left to refund after the rows before it"),
        (format!("{id},,,the rest,"), "ready"),
        (format!("{id},,,no rest,"), "the same as row 31"),
        (format!("{id},,,no rest,rest"), "nothing is left to refund after the rows before it"),
    ];
    let lines: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
    let head = HEAD.trim_end().to_owned() + ",payment.merchant_refund_id\n";
    let run = finance_brings(&shop, &(head + &lines)).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let result = finance.result_of(&run).await;
    assert_eq!(result.len(), rows.len());
    for ((row, said), told) in rows.iter().zip(&result) {
        let (status, message) = (told["result.status"].as_str(), told["result.message"].as_str());
        match *said {
            "ready" => assert_eq!(status, "ready", "{row}: {message}"),
            said => assert!(status == "refused" && message.contains(said), "{row}: {status} {message}"),
        }
    }
    let page = finance.sees(&run).await;
    assert!(page.body.contains("ready: 5") && page.body.contains(&format!("refused: {}", rows.len() - 5)), "{}", page.body);
    let refused = finance.sees(&format!("{run}?show=refused")).await;
    assert!(refused.body.contains("as typed: “1,000 KRW”") && !refused.body.contains("told-apart"), "{}", refused.body);
    assert!(refused.body.contains(">₩5<") && refused.body.contains(">₱0.05<"), "sums that can be read: {}", refused.body);
    for purchase in [&payco, &bancontact] {
        assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 1, "a check sends nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_did_not_come_through_is_never_told_as_done() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("BE", "bancontact").await;
    let good = format!("{},100,EUR,came broken\n", purchase.payment_id());
    let bad = "nobodys,100,EUR,unknown\n";
    let finance = Operator::signs_in(&shop, "finance").await;
    let hopeless = finance.brings("hopeless.csv", format!("{HEAD}{bad}")).await;
    for address in [hopeless.as_str(), "/admin/batches"] {
        assert!(finance.sees(address).await.body.contains("every row refused"), "{address}");
    }
    let run = finance.brings("half.csv", format!("{HEAD}{good}{bad}")).await;
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    let page = finance.sees_run(&run, "finished").await;
    assert!(page.body.contains("2 of 2 (1 done, 1 refused)") && page.body.contains("finished, 1 of 2 done"), "{}", page.body);
    assert!(page.body.contains("2 refunds, 1 of them refused when checked"), "{}", page.body);
}

async fn finance_brings(shop: &TestShop, file: &str) -> String {
    Operator::signs_in(shop, "finance").await.brings("rows.csv", file).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_customers_who_paid_are_paid_out() {
    let shop = TestShop::start().await;
    let paymaya = shop.sold("PH", "paymaya-wallet").await;
    let unpaid = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let (good, other) = (paymaya.parameter("customer_id"), unpaid.parameter("customer_id"));
    let head = "customer.id,payment.amount,payment.currency,account.number,account.customer_name,general.payment_id\n";
    let rows = [
        (format!("{good},15000,PHP,09123456789,John Doe,"), "ready"),
        (
            format!("{good},15000,PHP,09123456789,John Doe,"),
            "the same as row 2; if it is meant twice, tell them apart by general.payment_id",
        ),
        (format!("{good},15000,PHP,09123456789,John Doe,bonus-1"), "ready"),
        (format!("{good},15001,PHP,09123456789,John Doe,BONUS-1"), "row 4 has this name already"),
        (format!("{good},15000,PHP,09123456789,John Doe,{}", paymaya.payment_id()), "has this name already"),
        (format!("{other},15000,PHP,09123456789,John Doe,"), "has paid nothing by PayMaya"),
        ("nobody,15000,PHP,09123456789,John Doe,".to_owned(), "the shop knows no customer of this id"),
        (format!("{good},15000,EUR,09123456789,John Doe,"), "it pays out in PHP"),
        (format!("{good},99,PHP,09123456789,John Doe,"), "a payout is of 1.00 PHP to 20000.00 PHP"),
        (format!("{good},15000,PHP,9123456789,John Doe,"), "an account has 11 digits"),
        (format!("{good},15000,PHP,09123456789,,"), "account.customer_name is empty"),
        (format!("{good},,PHP,,,"), "payment.amount is empty; account.number is empty; account.customer_name is empty"),
    ];
    let lines: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
    let run = finance_brings(&shop, &(head.to_owned() + &lines)).await;
    let result = Operator::signs_in(&shop, "finance").await.result_of(&run).await;
    for ((row, said), told) in rows.iter().zip(&result) {
        let (status, message) = (told["result.status"].as_str(), told["result.message"].as_str());
        match *said {
            "ready" => assert_eq!(status, "ready", "{row}: {message}"),
            said => assert!(status == "refused" && message.contains(said), "{row}: {status} {message}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_rows_written_otherwise_are_the_same_file() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let file = refunds(&[(&purchase, 100, "a"), (&purchase, 101, "b")]);
    finance.brings("one.csv", &file).await;
    let id = purchase.payment_id();
    for same in [
        file.clone(),
        refunds(&[(&purchase, 101, "b"), (&purchase, 100, "a")]),
        file.replace('\n', "\r\n"),
        format!("\u{FEFF}{}", file.trim_end()),
        file.replace(',', ";"),
        format!("payment.description,payment.currency,payment.amount,general.payment_id\n\"a\",KRW,100,{id}\n\"b\",KRW,101,{id}\n"),
    ] {
        let page = finance.uploads("two.csv", &same).await;
        assert!(page.status == 422 && page.body.contains("This file was uploaded before, as batch 1"), "{same}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_rows_of_an_earlier_run_says_so_before_it_is_started() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let repeats =
        |page: &Page| page.body.split("data-repeats=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let first =
        finance.brings("june.csv", refunds(&[(&purchase, 100, "a"), (&purchase, 101, "b"), (&purchase, 900_000, "c")])).await;
    assert_eq!(repeats(&finance.sees(&first).await), None);
    finance.confirms(&format!("{first}/start"), &[]).await;
    finance.sees_run(&first, "finished").await;
    // The refused row was mended, and all of it comes again.
    let mended = finance.brings("mended.csv", refunds(&[(&purchase, 100, "a"), (&purchase, 101, "b"), (&purchase, 90, "c")])).await;
    let page = finance.sees(&mended).await;
    assert_eq!(repeats(&page).as_deref(), Some("2"));
    assert!(page.body.contains(&format!("href=\"{first}\"")), "{}", page.body);
    finance.posts(&format!("{mended}/cancel"), &[]).await;
    // Nothing of it was sent, so only the first run counts.
    let rest = finance.brings("rest.csv", refunds(&[(&purchase, 90, "c")])).await;
    assert_eq!(repeats(&finance.sees(&rest).await), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates_hold_every_column_and_are_read_again() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let page = finance.sees("/admin/batches").await;
    for (kind, column) in [("refunds", "payment.merchant_refund_id"), ("payouts", "account.customer_name")] {
        let address = format!("/admin/batches/template-{kind}.csv");
        assert!(page.body.contains(&address));
        let template = finance.sees(&address).await;
        assert!(template.header("content-type").starts_with("text/csv") && template.body.contains(column), "{}", template.body);
        let read = finance.uploads("template.csv", template.body).await;
        assert!(read.status == 422 && read.body.contains("a header and no rows"), "{}", read.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_breaks_off_leaves_nothing_that_could_be_run() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let rows: Vec<(u64, &str)> = (0..1_200).map(|row| (15_000 + row, "John Doe")).collect();
    let file = payouts(&purchase, &rows);
    let head = "--line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\n";
    // The request ends before the file does.
    let page = finance.sends_upload(format!("{head}{file}").into_bytes()).await;
    assert!(page.status == 422 && page.body.contains("The upload broke off"), "{}", page.body);
    assert_eq!(shop.folder.stored_batch_rows(), (0, 0));

    // The line is cut after rows were stored.
    let cookie = finance.enters_password("").await.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let host = shop.address.trim_start_matches("http://");
    let mut line = TcpStream::connect(host).await.expect("a connection");
    let request = format!(
        "POST /admin/batches HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\ncontent-type: multipart/form-data; boundary=line\r\n\
         content-length: 1000000\r\n\r\n{head}{file}"
    );
    line.write_all(request.as_bytes()).await.expect("most of it");
    eventually("rows are read in", async || (shop.folder.stored_batch_rows().1 >= 1_000).then_some(())).await;
    drop(line);
    let list = finance.sees("/admin/batches").await;
    assert!(list.body.contains("There is none yet."), "{}", list.body);
    assert_eq!(finance.opens("/admin/batches/2").await.status, 404);
    eventually("it is forgotten", async || {
        shop.time_passes(Duration::from_secs(16 * 60));
        (shop.folder.stored_batch_rows() == (0, 0)).then_some(())
    })
    .await;
    finance.enters_password("").await;
    let run = finance.brings("p.csv", &file).await;
    assert!(finance.sees(&run).await.body.contains("ready: 1200"));

    // Its rows are leafed through to and fro, each seen once.
    let positions = |page: &Page| -> Vec<u32> {
        page.body.split("data-row=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
    };
    let link = |page: &Page, text: &str| {
        let before = page.body.split(&format!("\">{text}</a>")).next().filter(|before| before.len() < page.body.len())?;
        Some(before.rsplit("href=\"").next()?.replace("&amp;", "&"))
    };
    let (mut address, mut seen) = (format!("{run}?show=ready"), Vec::new());
    loop {
        let page = finance.sees(&address).await;
        seen.extend(positions(&page));
        match link(&page, "Next rows") {
            Some(next) => address = next,
            None => break,
        }
    }
    assert_eq!(seen, (2..1_202).collect::<Vec<_>>());
    let mut back = Vec::new();
    loop {
        let page = finance.sees(&address).await;
        back.splice(0..0, positions(&page));
        match link(&page, "Previous rows") {
            Some(previous) => address = previous,
            None => break,
        }
    }
    assert_eq!(back, seen);
}

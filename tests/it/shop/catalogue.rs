//! A catalogue of the merchant's own: a file that a setting names, shown page by page.

use std::fs;

use crate::kit::{Folder, TestShop, storefront};

const THINGS: usize = 60;
const HEAD: &str = "[[category]]\nslug = \"rope\"\nname = { en = \"Rope\" }\n";

fn thing(number: usize) -> String {
    format!(
        "[[product]]\nslug = \"rope-{number}\"\ncategory = \"rope\"\nharbour = \"busan\"\nname = {{ en = \"Rope {number:03}\" }}\n\
         description = {{ en = \"So many metres: {number}.\" }}\nprice = {{ KRW = \"1000\", PHP = \"50.00\", EUR = \"1.00\" }}\n"
    )
}

fn things() -> String {
    HEAD.to_owned() + &(1..=THINGS).map(thing).collect::<String>()
}

#[tokio::test]
async fn many_things_are_shown_page_by_page_and_each_can_be_bought() {
    let files = Folder::new();
    let file = files.path("catalog.toml");
    fs::write(&file, things()).expect("a catalogue");
    let shop = TestShop::start_with(&[("CATALOG_FILE", &file.display().to_string())]).await;
    let customer = shop.customer();
    customer.shops_in("KR").await;

    let mut seen = Vec::new();
    let mut address = Some("/".to_owned());
    while let Some(page) = address {
        let page = customer.opens(&page).await;
        let links = page.body.split("href=\"/products/").skip(1).filter_map(|rest| rest.split('"').next());
        seen.extend(links.map(str::to_owned));
        let next = page.body.split("<a ").find(|link| link.contains("rel=\"next\""));
        address = next.and_then(|link| Some(link.split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&")));
    }
    assert_eq!(seen, (1..=THINGS).map(|number| format!("rope-{number}")).collect::<Vec<_>>());

    customer.puts_in_cart("rope-60", 1).await;
    customer.checks_out("payco-wallet", "", "").await;
}

#[tokio::test]
async fn a_page_keeps_what_was_searched_for_and_there_is_none_beyond_the_last() {
    let files = Folder::new();
    let file = files.path("catalog.toml");
    fs::write(&file, things()).expect("a catalogue");
    let shop = TestShop::start_with(&[("CATALOG_FILE", &file.display().to_string())]).await;
    let customer = shop.customer();

    let page = customer.opens("/?category=rope&q=metres&page=2").await;
    assert!(page.body.contains("(60)") && page.body.replace("<!>", "").contains("Page 2 of 3"), "{}", page.body);
    assert!(page.body.contains("href=\"/?category=rope&amp;q=metres&amp;page=3\""), "{}", page.body);
    assert!(page.body.contains("href=\"/?category=rope&amp;q=metres\""), "{}", page.body);
    for address in ["/?page=0", "/?page=4", "/?page=two", "/?page=-1", "/?page=99999999999999999999", "/?q=nothing&page=2"] {
        assert_eq!(customer.opens(address).await.status, 404, "{address}");
    }
    assert!(customer.opens("/?q=nothing").await.body.contains("Nothing found"));
}

#[test]
fn a_shop_does_not_start_with_a_catalogue_that_cannot_be_read() {
    let files = Folder::new();
    let file = files.path("catalog.toml");
    let said = |text: Option<String>| {
        if let Some(text) = text {
            fs::write(&file, text).expect("a catalogue");
        }
        let database = format!("sqlite://{}", files.path("shop.db").display());
        let settings = [("CATALOG_FILE", file.display().to_string()), ("DATABASE_URL", database)];
        let said = storefront(&files, &settings.map(|(name, value)| (name.to_owned(), value)).into(), &["serve"], "");
        assert_ne!(said.code, 0, "{}", said.stdout);
        said.stderr
    };
    assert!(said(None).contains("CATALOG_FILE"));
    assert!(said(Some(HEAD.to_owned() + &thing(1) + &thing(1))).contains("rope-1: there are two of it"));
    assert!(said(Some(HEAD.to_owned() + &thing(1).replace("1000", "0"))).contains("the price in KRW is zero"));
}

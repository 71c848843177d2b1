//! Reads the file of the catalogue, which a merchant edits: `src/catalog.toml`, or another one that a setting names.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::domain::{
    money::Money,
    shop::{
        market::Market,
        product::{Catalog, Category, Harbour, Prices, Product, Text, searched},
    },
};

/// The catalogue as it was when the shop was built.
const FILE: &str = include_str!("../../catalog.toml");

#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("CATALOG_FILE: {}: {error}", path.display())]
    Missing { path: PathBuf, error: io::Error },
    #[error("the catalogue: {0}")]
    Unreadable(#[from] toml::de::Error),
    #[error("the catalogue: {slug}: {problem}")]
    Product { slug: String, problem: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    category: Vec<CategoryEntry>,
    product: Vec<ProductEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryEntry {
    slug: String,
    name: TextEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductEntry {
    slug: String,
    category: String,
    harbour: String,
    name: TextEntry,
    description: TextEntry,
    price: BTreeMap<String, String>,
    stock: Option<u32>,
}

#[derive(Deserialize)]
struct TextEntry {
    en: String,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// The catalogue, or the first thing that is wrong with it. `path`: of a file that stands in for the one built in.
pub fn load(path: Option<&Path>) -> Result<Catalog, CatalogError> {
    match path {
        Some(path) => read(&fs::read_to_string(path).map_err(|error| CatalogError::Missing { path: path.to_owned(), error })?),
        None => read(FILE),
    }
}

fn read(text: &str) -> Result<Catalog, CatalogError> {
    let file: File = toml::from_str(text)?;
    let categories: Vec<Category> =
        file.category.into_iter().map(|entry| Category { slug: entry.slug, name: entry.name.into() }).collect();
    let mut slugs = HashSet::new();
    let mut products = Vec::new();
    for entry in file.product {
        let slug = entry.slug.clone();
        let wrong = |problem: String| CatalogError::Product { slug: slug.clone(), problem };
        if !is_slug(&slug) {
            return Err(wrong("a slug is lower-case letters, digits and hyphens".to_owned()));
        }
        if !slugs.insert(slug.clone()) {
            return Err(wrong("there are two of it".to_owned()));
        }
        if !categories.iter().any(|category| category.slug == entry.category) {
            return Err(wrong(format!("there is no category {}", entry.category)));
        }
        products.push(entry.into_product().map_err(wrong)?);
    }
    Ok(Catalog::new(categories, products))
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl ProductEntry {
    fn into_product(self) -> Result<Product, String> {
        let (name, description) = (self.name.into(), self.description.into());
        Ok(Product {
            searched: searched(&name, &description),
            prices: Prices {
                korea: price(&self.price, Market::Korea)?,
                philippines: price(&self.price, Market::Philippines)?,
                belgium: price(&self.price, Market::Belgium)?,
            },
            slug: self.slug,
            category: self.category,
            harbour: Harbour::from_name(&self.harbour).ok_or_else(|| format!("there is no harbour {}", self.harbour))?,
            name,
            description,
            stock: self.stock,
        })
    }
}

fn price(prices: &BTreeMap<String, String>, market: Market) -> Result<Money, String> {
    let currency = market.currency();
    let text = prices.get(currency.code()).ok_or_else(|| format!("no price in {}", currency.code()))?;
    let money = Money::parse(text, currency).map_err(|error| error.to_string())?;
    if money.minor() == 0 { Err(format!("the price in {} is zero", currency.code())) } else { Ok(money) }
}

impl From<TextEntry> for Text {
    fn from(entry: TextEntry) -> Self {
        Text { english: entry.en, others: entry.others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_shop_has_24_things_from_three_harbours() {
        let catalog = load(None).unwrap();
        assert_eq!(catalog.products().len(), 24);
        for harbour in Harbour::ALL {
            assert_eq!(catalog.products().iter().filter(|product| product.harbour == harbour).count(), 8);
        }
        assert!(catalog.products().iter().all(|product| product.name.others.contains_key("ko")));
    }

    #[test]
    fn words_are_found_in_any_order_and_spelling() {
        let catalog = load(None).unwrap();
        let finds = |words: &str| {
            let found = catalog.search(None, words, 1).unwrap();
            catalog.shown(&found).any(|product| product.slug == "jeju-green-tea")
        };
        for words in
            ["", " ", "tea green", "GREEN  tea", "\u{1102}\u{1169}\u{11A8}\u{110E}\u{1161}", "ｔｅａ 녹차", "gre\u{200B}en"]
        {
            assert!(finds(words), "{words:?}");
        }
        for words in ["tea coffee", "teagreen"] {
            assert!(!finds(words), "{words}");
        }
        let found = catalog.search(Some("home"), "tea", 1).unwrap();
        assert!(catalog.shown(&found).all(|product| product.category == "home"));
    }

    #[test]
    fn a_mistake_in_the_file_is_named() {
        let product = r#"
            [[category]]
            slug = "tea"
            name = { en = "Tea" }
            [[product]]
            slug = "green"
            category = "tea"
            harbour = "busan"
            name = { en = "Green tea" }
            description = { en = "Tea." }
            price = { KRW = "1000", PHP = "50.00", EUR = "1.00" }
        "#;
        assert!(read(product).is_ok());
        for (right, wrong, said) in [
            ("\"1.00\"", "\"1.0\"", "green: \"1.0\" is not an amount"),
            ("category = \"tea\"", "category = \"coffee\"", "no category coffee"),
            ("\"green\"", "\"Green Tea\"", "a slug is"),
            ("harbour = \"busan\"", "harbour = \"paris\"", "green: there is no harbour paris"),
            ("KRW = \"1000\", ", "", "no price in KRW"),
        ] {
            let error = read(&product.replace(right, wrong)).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}

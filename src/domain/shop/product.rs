//! What the shop sells. The catalogue itself is `src/catalog.toml`, or a file that a setting names.

use std::collections::{BTreeMap, HashMap};

use super::market::Market;
use crate::domain::{money::Money, text::folded};

/// A text in every language the catalogue has, by language code; English is always there.
#[derive(Debug, Clone)]
pub struct Text {
    pub english: String,
    pub others: BTreeMap<String, String>,
}

impl Text {
    /// English where there is no translation.
    pub fn in_language(&self, language: &str) -> &str {
        self.others.get(language).unwrap_or(&self.english)
    }

    fn in_every_language(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.english).chain(self.others.values()).map(String::as_str)
    }
}

#[derive(Debug, Clone)]
pub struct Category {
    pub slug: String,
    pub name: Text,
}

named! {
    /// The harbour that a product comes from. It is collected there, too.
    pub enum Harbour {
        Busan = "busan",
        Manila = "manila",
        Antwerp = "antwerp",
    }
}

#[derive(Debug, Clone)]
pub struct Product {
    pub slug: String,
    pub category: String,
    pub harbour: Harbour,
    pub name: Text,
    pub description: Text,
    /// The text that a search looks through: see [`searched`].
    pub searched: String,
    /// How many were ever put on sale; `None` when stock is not tracked.
    pub stock: Option<u32>,
    pub prices: Prices,
}

/// A price set by hand for each market, tax included.
#[derive(Debug, Clone, Copy)]
pub struct Prices {
    pub korea: Money,
    pub philippines: Money,
    pub belgium: Money,
}

/// Name and description in every language, folded once for all searches.
pub fn searched(name: &Text, description: &Text) -> String {
    folded(&name.in_every_language().chain(description.in_every_language()).collect::<Vec<_>>().join("\n"))
}

impl Prices {
    pub fn of(&self, market: Market) -> Money {
        match market {
            Market::Korea => self.korea,
            Market::Philippines => self.philippines,
            Market::Belgium => self.belgium,
        }
    }
}

/// Products on one page: few enough to look through, and even rows of two, three and four.
const PRODUCTS_A_PAGE: usize = 24;

/// Everything on sale, in the order of the file.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub categories: Vec<Category>,
    products: Vec<Product>,
    places: HashMap<String, usize>,
}

/// A page of what was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Of its products in the catalogue.
    places: Vec<usize>,
    /// Products on all pages.
    pub count: usize,
    /// From 1 to `pages`, of which there is one at least.
    pub page: usize,
    pub pages: usize,
}

impl Catalog {
    /// Slugs are different.
    pub fn new(categories: Vec<Category>, products: Vec<Product>) -> Self {
        let places = products.iter().enumerate().map(|(place, product)| (product.slug.clone(), place)).collect();
        Self { categories, products, places }
    }

    pub fn products(&self) -> &[Product] {
        &self.products
    }

    pub fn product(&self, slug: &str) -> Option<&Product> {
        self.products.get(*self.places.get(slug)?)
    }

    pub fn category(&self, slug: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == slug)
    }

    /// Products of one category (`None`: of all) whose name or description holds each of the words, in any order and spelling.
    /// `None`: there is no such page.
    pub fn search(&self, category: Option<&str>, words: &str, page: usize) -> Option<Found> {
        let words = folded(words);
        let is_found = |product: &Product| {
            category.is_none_or(|slug| product.category == slug) && words.split(' ').all(|word| product.searched.contains(word))
        };
        let all: Vec<_> =
            self.products.iter().enumerate().filter(|(_, product)| is_found(product)).map(|(place, _)| place).collect();
        let pages = all.len().div_ceil(PRODUCTS_A_PAGE).max(1);
        let before = page.checked_sub(1).filter(|before| *before < pages)? * PRODUCTS_A_PAGE;
        let places = all.iter().skip(before).take(PRODUCTS_A_PAGE).copied().collect();
        Some(Found { places, count: all.len(), page, pages })
    }

    pub fn shown<'a>(&'a self, found: &'a Found) -> impl Iterator<Item = &'a Product> {
        found.places.iter().filter_map(|place| self.products.get(*place))
    }
}

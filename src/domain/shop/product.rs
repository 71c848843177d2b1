//! What the shop sells. The catalogue itself is `src/catalog.toml`.

use std::collections::BTreeMap;

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

/// Everything on sale, in the order of the file.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub categories: Vec<Category>,
    pub products: Vec<Product>,
}

impl Catalog {
    pub fn product(&self, slug: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.slug == slug)
    }

    pub fn category(&self, slug: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == slug)
    }

    /// Products of one category (`None`: of all) whose name or description holds each of the words, in any order and spelling.
    pub fn search<'a>(&'a self, category: Option<&'a str>, words: &str) -> impl Iterator<Item = &'a Product> {
        let words = folded(words);
        self.products
            .iter()
            .filter(move |product| category.is_none_or(|slug| product.category == slug))
            .filter(move |product| words.split(' ').all(|word| product.searched.contains(word)))
    }
}

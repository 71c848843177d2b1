//! `/`: everything on sale, by category and by search.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::{
    components::price::Price,
    domain::shop::{
        market::Market,
        product::{Catalog, Category, Found, Harbour, Product},
    },
    i18n::{Locale, td, td_string},
};

/// What the visitor asked to see.
#[derive(Debug, Clone)]
pub struct CataloguePart {
    /// A category's slug, if it exists.
    pub category: Option<String>,
    /// Words to find, as typed.
    pub words: String,
    pub found: Found,
}

impl CataloguePart {
    /// The address of one of its pages.
    fn page(&self, page: usize) -> String {
        address(self.category.as_deref(), &self.words, page)
    }
}

#[component]
pub fn CataloguePage<'a>(catalog: &'a Catalog, wanted: CataloguePart, market: Market, locale: Locale) -> impl IntoView {
    let chosen = wanted.category.as_deref().and_then(|slug| catalog.category(slug));
    let heading = heading(catalog, &wanted, locale);
    let cards =
        catalog.shown(&wanted.found).enumerate().map(|(position, product)| card(product, position, market, locale)).collect_view();
    let searched = !wanted.words.trim().is_empty();
    view! {
        <section class="hero">
            <p class="tagline">{td!(locale, shop.tagline)}</p>
            <img src="/harbours.svg" alt="" width="1440" height="360"/>
        </section>
        <div class="finder">
            <nav aria-label=td_string!(locale, catalogue.categories)>
                <ul class="chips">
                    {chip(None, chosen, &wanted.words, locale)}
                    {catalog.categories.iter().map(|category| chip(Some(category), chosen, &wanted.words, locale)).collect_view()}
                </ul>
            </nav>
            <search>
                <form action="/" method="get">
                    {chosen.map(|category| view! { <input type="hidden" name="category" value=category.slug.clone()/> })}
                    <label for="q" class="visually-hidden">{td!(locale, catalogue.search)}</label>
                    <input id="q" type="search" name="q" maxlength="100" value=wanted.words.clone() placeholder=td_string!(locale, catalogue.search)/>
                    <button class="quiet">{td!(locale, catalogue.search_button)}</button>
                </form>
            </search>
        </div>
        <h1>{heading}</h1>
        {searched.then(|| view! { <p class="found"><a href="/">{td!(locale, catalogue.show_all)}</a></p> })}
        {if wanted.found.count == 0 {
            view! {
                <p class="nothing">{td!(locale, catalogue.nothing)}" "{td!(locale, catalogue.nothing_hint)}</p>
            }.into_any()
        } else {
            view! { <ul class="products">{cards}</ul> }.into_any()
        }}
        {(wanted.found.pages > 1).then(|| leafing(&wanted, locale))}
    }
}

/// The page's heading: what is shown, and how many where somebody searched.
pub fn heading(catalog: &Catalog, wanted: &CataloguePart, locale: Locale) -> String {
    let words = wanted.words.trim();
    let found = wanted.found.count;
    match wanted.category.as_deref().and_then(|slug| catalog.category(slug)) {
        _ if !words.is_empty() && found == 0 => format!("{} “{words}”", td_string!(locale, catalogue.nothing_title)),
        _ if !words.is_empty() => format!("{} “{words}” ({found})", td_string!(locale, catalogue.found)),
        Some(category) => name(category, locale),
        None => td_string!(locale, catalogue.title).to_owned(),
    }
}

fn name(category: &Category, locale: Locale) -> String {
    category.name.in_language(locale.as_str()).to_owned()
}

fn chip(category: Option<&Category>, chosen: Option<&Category>, words: &str, locale: Locale) -> AnyView {
    let slug = category.map(|category| category.slug.clone());
    let current = (slug.as_deref() == chosen.map(|category| category.slug.as_str())).then_some("true");
    let label = category.map_or(td_string!(locale, catalogue.all).to_owned(), |category| name(category, locale));
    view! { <li><a href=address(slug.as_deref(), words, 1) aria-current=current>{label}</a></li> }.into_any()
}

/// The first page has no number in its address.
fn address(category: Option<&str>, words: &str, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(slug) = category {
        query.append_pair("category", slug);
    }
    if !words.is_empty() {
        query.append_pair("q", words);
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
}

/// Ways to the page before and to the next one.
fn leafing(wanted: &CataloguePart, locale: Locale) -> AnyView {
    let Found { page, pages, .. } = wanted.found;
    let before = (page > 1).then(|| view! { <a href=wanted.page(page - 1) rel="prev">{td!(locale, catalogue.page_before)}</a> });
    let next = (page < pages).then(|| view! { <a href=wanted.page(page + 1) rel="next">{td!(locale, catalogue.page_after)}</a> });
    view! {
        <nav class="pages" aria-label=td_string!(locale, catalogue.pages)>
            {before}
            <span>{td!(locale, catalogue.page_of, page = page, pages = pages)}</span>
            {next}
        </nav>
    }
    .into_any()
}

/// Pictures above the fold are loaded at once, the others when they come near.
const AT_ONCE: usize = 4;

fn card(product: &Product, position: usize, market: Market, locale: Locale) -> AnyView {
    let language = locale.as_str();
    let loading = if position < AT_ONCE { "eager" } else { "lazy" };
    view! {
        <li>
            <a href=format!("/products/{}", product.slug)>
                <img src=format!("/pictures/{}.svg", product.slug) alt="" width="480" height="480" loading=loading/>
                <span class="name">{product.name.in_language(language).to_owned()}</span>
                <span class="from">{harbour_name(product.harbour, locale)}</span>
                <Price money=product.prices.of(market) locale=locale/>
            </a>
        </li>
    }
    .into_any()
}

pub fn harbour_name(harbour: Harbour, locale: Locale) -> &'static str {
    match harbour {
        Harbour::Busan => td_string!(locale, harbour.busan),
        Harbour::Manila => td_string!(locale, harbour.manila),
        Harbour::Antwerp => td_string!(locale, harbour.antwerp),
    }
}

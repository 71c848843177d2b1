//! What surrounds every page: the head of the document, banner, navigation, footer.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::{
    domain::shop::market::Market,
    i18n::{Locale, td, td_string},
};

/// What every page knows of the visitor.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub market: Market,
    pub locale: Locale,
    pub items_in_cart: u32,
    /// The present path; market and language are changed where one is.
    pub path: String,
    /// What the present address asks for besides market and language: kept when these change.
    pub kept: Vec<(String, String)>,
    /// Money is not real here.
    pub sandbox: bool,
}

#[component]
pub fn Layout(around: Surroundings, children: Children) -> impl IntoView {
    let locale = around.locale;
    view! {
        <a class="skip" href="#main">{td!(locale, shop.skip)}</a>
        <header>
            {around.sandbox.then(|| view! { <p class="sandbox-note">{td!(locale, shop.sandbox)}</p> })}
            <div class="site-header">
                <a class="wordmark" href="/">
                    <img src="/favicon.svg" alt="" width="32" height="32"/>
                    {td!(locale, shop.name)}
                </a>
                <Choices around=around.clone()/>
                <nav class="site-nav">
                    <a href="/">{td!(locale, shop.products)}</a>
                    <a href="/cart">{td!(locale, shop.cart)}</a>
                    {(around.items_in_cart > 0).then(|| view! {
                        <span class="count">{around.items_in_cart}<span class="visually-hidden">" "{td!(locale, shop.items_in_cart)}</span></span>
                    })}
                </nav>
            </div>
        </header>
        <main id="main" tabindex="-1">{children()}</main>
        <footer class="site-footer">
            <p>{td!(locale, shop.prices)}</p>
            <p><a href="/terms">{td!(locale, shop.terms)}</a></p>
        </footer>
    }
}

/// Market and language: two small forms that reload the present page.
#[component]
fn Choices(around: Surroundings) -> impl IntoView {
    let locale = around.locale;
    let markets = Market::ALL.map(|market| {
        view! { <option value=market.code() selected=market == around.market>{market_name(market, locale)}</option> }
    });
    let languages = Locale::get_all().iter().map(|language| {
        view! { <option value=language.as_str() lang=language.as_str() selected=*language == locale>{own_name(*language)}</option> }
    });
    let form = |id: &'static str, name: &'static str, label: &'static str, options: Vec<AnyView>| {
        let kept = around.kept.iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> });
        view! {
            <form action=around.path.clone() method="get">
                {kept.collect_view()}
                <label for=id>{label}</label>
                <select id=id name=name>{options}</select>
                <button class="quiet">{td!(locale, shop.set)}<span class="visually-hidden">": "{label}</span></button>
            </form>
        }
    };
    view! {
        <div class="choices">
            {form("market", "market", td_string!(locale, shop.market), markets.map(IntoAny::into_any).into())}
            {form("language", "lang", td_string!(locale, shop.language), languages.map(IntoAny::into_any).collect())}
        </div>
    }
}

fn market_name(market: Market, locale: Locale) -> &'static str {
    match market {
        Market::Korea => td_string!(locale, market.KR),
        Market::Philippines => td_string!(locale, market.PH),
        Market::Belgium => td_string!(locale, market.BE),
    }
}

/// A language in its own words, so that it is found by those who cannot read the present one.
fn own_name(language: Locale) -> &'static str {
    match language {
        Locale::en => "English",
        Locale::ko => "한국어",
    }
}

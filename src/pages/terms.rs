//! `/terms`: what the customer agrees to, in short.

use leptos::prelude::*;

use crate::i18n::{Locale, td};

#[component]
pub fn TermsPage(locale: Locale) -> impl IntoView {
    view! {
        <article class="terms">
            <h1>{td!(locale, terms.title)}</h1>
            <h2>{td!(locale, terms.shop_title)}</h2>
            <p>{td!(locale, terms.shop)}</p>
            <h2>{td!(locale, terms.prices_title)}</h2>
            <p>{td!(locale, terms.prices)}</p>
            <h2>{td!(locale, terms.collect_title)}</h2>
            <p>{td!(locale, terms.collect)}</p>
            <h2>{td!(locale, terms.stock_title)}</h2>
            <p>{td!(locale, terms.stock)}</p>
            <h2>{td!(locale, terms.data_title)}</h2>
            <p>{td!(locale, terms.data)}</p>
        </article>
    }
}

//! `/products/{slug}`: one thing, and the form that puts it into the cart.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use super::catalogue::harbour_name;
use crate::{
    components::price::Price,
    domain::shop::{cart::Quantity, market::Market, product::Product},
    i18n::{Locale, td, td_string},
};

/// Why a thing could not be put into the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdded {
    BadQuantity,
    TooMany,
}

#[component]
pub fn ProductPage<'a>(
    product: &'a Product,
    /// How many can be bought; `None` when stock is not tracked.
    left: Option<u32>,
    refused: Option<NotAdded>,
    market: Market,
    locale: Locale,
) -> impl IntoView {
    let language = locale.as_str();
    let name = product.name.in_language(language).to_owned();
    let harbour = harbour_name(product.harbour, locale);
    let refusal = refused.map(|refused| match refused {
        NotAdded::BadQuantity => td_string!(locale, product.bad_quantity),
        NotAdded::TooMany => td_string!(locale, product.too_many),
    });
    let most = left.unwrap_or(Quantity::MOST).min(Quantity::MOST);
    view! {
        <article class="product">
            <img class="picture" src=format!("/pictures/{}.svg", product.slug) alt=name.clone() width="480" height="480"/>
            <div class="about">
                <p class="from">{harbour}</p>
                <h1>{name}</h1>
                <p class="big-price"><Price money=product.prices.of(market) locale=locale/></p>
                <p class="description">{product.description.in_language(language).to_owned()}</p>
                {left.map(|left| view! { <p class="left">{if left == 0 { td_string!(locale, product.sold_out).to_owned() } else { format!("{} {left}", td_string!(locale, product.left)) }}</p> })}
                {(most > 0).then(|| view! {
                    <form class="add" action="/cart" method="post">
                        <input type="hidden" name="product" value=product.slug.clone()/>
                        <div class="field">
                            <label for="quantity">{td!(locale, product.quantity)}</label>
                            <QuantitySelect id="quantity".to_owned() most=most chosen=1/>
                        </div>
                        <button>{td!(locale, product.add)}</button>
                    </form>
                })}
                {refusal.map(|text| view! { <p class="error" role="alert">{text}</p> })}
                <p class="collect">{td!(locale, product.collect, harbour = harbour)}</p>
            </div>
        </article>
    }
}

#[component]
pub fn QuantitySelect(id: String, most: u32, chosen: u32) -> impl IntoView {
    let options = (1..=most.max(chosen)).map(|count| view! { <option value=count selected=count == chosen>{count}</option> });
    view! { <select id=id name="quantity">{options.collect_view()}</select> }
}

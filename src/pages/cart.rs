//! `/cart`: what the customer means to buy.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use super::product::QuantitySelect;
use crate::{
    components::price::Price,
    domain::shop::cart::{PricedCart, PricedLine, Quantity},
    i18n::{Locale, td},
    islands::stay_current::StayCurrent,
};

#[component]
pub fn CartPage<'a>(
    cart: Option<&'a PricedCart<'a>>,
    /// What the page's state is called: another name, another cart.
    current: String,
    locale: Locale,
) -> impl IntoView {
    let filled = cart.filter(|cart| !cart.lines.is_empty());
    view! {
        <h1 data-current=current>{td!(locale, cart.title)}</h1>
        <StayCurrent/>
        {match filled {
            None => view! {
                <div class="empty">
                    <img src="/pictures/abaca-market-bag.svg" alt="" width="200" height="200"/>
                    <p>{td!(locale, cart.empty)}</p>
                    <p><a class="button" href="/">{td!(locale, cart.back)}</a></p>
                </div>
            }.into_any(),
            Some(cart) => view! {
                <div class="cart">
                    <ul class="cart-lines">{cart.lines.iter().map(|line| cart_line(line, locale)).collect_view()}</ul>
                    <div class="to-checkout">
                        <p class="total">
                            <span>{td!(locale, cart.total)}</span>
                            <Price money=cart.total locale=locale/>
                            <small>{td!(locale, cart.with_tax)}</small>
                        </p>
                        <p><a class="button" href="/checkout">{td!(locale, cart.checkout)}</a></p>
                    </div>
                </div>
            }.into_any(),
        }}
    }
}

fn cart_line(line: &PricedLine, locale: Locale) -> impl IntoView + use<> {
    let product = line.product;
    let name = product.name.in_language(locale.as_str()).to_owned();
    let select = format!("quantity-{}", product.slug);
    view! {
        <li>
            <img src=format!("/pictures/{}.svg", product.slug) alt="" width="96" height="96"/>
            <div class="what">
                <a href=format!("/products/{}", product.slug)>{name.clone()}</a>
                <span class="each"><Price money=line.unit locale=locale/>" "{td!(locale, cart.each)}</span>
            </div>
            <form class="change" action="/cart/lines" method="post">
                <input type="hidden" name="product" value=product.slug.clone()/>
                <label class="visually-hidden" for=select.clone()>{td!(locale, product.quantity)}": "{name.clone()}</label>
                <QuantitySelect id=select most=Quantity::MOST chosen=line.quantity.get()/>
                <button class="quiet">{td!(locale, cart.update)}<span class="visually-hidden">": "{name.clone()}</span></button>
            </form>
            <form class="remove" action="/cart/lines" method="post">
                <input type="hidden" name="product" value=product.slug.clone()/>
                <input type="hidden" name="quantity" value="0"/>
                <button class="quiet">{td!(locale, cart.remove)}<span class="visually-hidden">": "{name}</span></button>
            </form>
            <Price money=line.sum locale=locale/>
        </li>
    }
}

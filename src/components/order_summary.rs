//! What is bought, how many and for how much: at checkout and on the order's page.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use super::price::Price;
use crate::{
    domain::{money::Money, orders::order::Order, shop::cart::PricedCart},
    i18n::{Locale, td},
};

/// One line to show.
#[derive(Debug, Clone)]
pub struct SummaryLine {
    pub slug: String,
    pub name: String,
    pub quantity: u32,
    pub sum: Money,
}

#[component]
pub fn OrderSummary(
    lines: Vec<SummaryLine>,
    total: Money,
    /// The language the lines' names are in.
    names_in: String,
    locale: Locale,
) -> impl IntoView {
    let rows = lines.into_iter().map(move |line| {
        view! {
            <li>
                <img src=format!("/pictures/{}.svg", line.slug) alt="" width="56" height="56"/>
                <span class="name" lang=names_in.clone()>{line.name}</span>
                <span class="times"><span class="visually-hidden">{td!(locale, order.quantity)}" "</span>{line.quantity}" ×"</span>
                <Price money=line.sum locale=locale/>
            </li>
        }
    });
    view! {
        <ul class="summary-lines">{rows.collect_view()}</ul>
        <p class="total">
            <span>{td!(locale, cart.total)}</span>
            <Price money=total locale=locale/>
            <small>{td!(locale, cart.with_tax)}</small>
        </p>
    }
}

/// A cart's lines at today's prices.
pub fn lines_of_cart(cart: &PricedCart, locale: Locale) -> Vec<SummaryLine> {
    let line = |line: &crate::domain::shop::cart::PricedLine| SummaryLine {
        slug: line.product.slug.clone(),
        name: line.product.name.in_language(locale.as_str()).to_owned(),
        quantity: line.quantity.get(),
        sum: line.sum,
    };
    cart.lines.iter().map(line).collect()
}

/// An order's lines as they were bought.
pub fn lines_of_order(order: &Order) -> Vec<SummaryLine> {
    let line = |line: &crate::domain::orders::order::OrderLine| SummaryLine {
        slug: line.slug.clone(),
        name: line.name.clone(),
        quantity: line.quantity,
        sum: line.unit.times(line.quantity).unwrap_or(line.unit),
    };
    order.lines.iter().map(line).collect()
}

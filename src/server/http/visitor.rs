//! Who is asking: market, language and cart, from the address, cookies and the browser's languages.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header::ACCEPT_LANGUAGE, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use leptos_i18n::Locale as _;

use crate::{
    components::layout::Surroundings,
    domain::{
        orders::order::Order,
        shop::{cart::Cart, market::Market},
    },
    error::AppError,
    i18n::Locale,
    server::{
        http::cookies::{self, CART, LANGUAGE, MARKET, ORDERED},
        running::chance,
        state::AppState,
    },
};

#[derive(Debug, Clone)]
pub struct Visitor {
    pub market: Market,
    pub locale: Locale,
    /// The cart's secret token, if the browser has one. Its cart may be gone.
    pub cart_token: Option<String>,
    cart: Result<Option<Cart>, AppError>,
    /// What proves which orders this browser placed; empty for none. See `shop::ordering_browser`.
    pub ordered: String,
    /// The language was chosen, not guessed from the browser.
    chose_language: bool,
    path: String,
    kept: Vec<(String, String)>,
    /// Chosen by the address of this request, so it is remembered.
    chose_market: bool,
    chose_locale: bool,
}

impl Visitor {
    pub fn surroundings(&self, state: &AppState) -> Surroundings {
        Surroundings {
            market: self.market,
            locale: self.locale,
            items_in_cart: self.cart.as_ref().ok().and_then(Option::as_ref).map_or(0, Cart::count),
            path: self.path.clone(),
            kept: self.kept.clone(),
            sandbox: state.config.pays_in_sandbox(),
        }
    }

    /// In another browser the order is shown in the language in which it was placed.
    pub fn in_language_of(self, order: &Order) -> Self {
        let ordered_in = order.language.parse().ok().filter(|_| !self.chose_language);
        Self { locale: ordered_in.unwrap_or(self.locale), ..self }
    }

    /// For an error page: a change of market or language there leads to the catalogue, not to the address that failed.
    pub fn sent_home(self) -> Self {
        Self { path: "/".to_owned(), kept: Vec::new(), ..self }
    }

    /// What is in the cart. Error: the store cannot be read, which does not mean that the cart is empty.
    pub fn cart(&self) -> Result<Option<&Cart>, AppError> {
        self.cart.as_ref().map(Option::as_ref).map_err(|error| *error)
    }

    /// The customer's id at the platform, once there is a cart.
    pub fn customer_id(&self) -> Result<Option<&str>, AppError> {
        Ok(self.cart()?.map(|cart| cart.customer_id.as_str()))
    }

    /// Cookies that remember what was chosen.
    pub fn choices(&self, state: &AppState) -> CookieJar {
        let mut jar = CookieJar::new();
        if self.chose_market {
            jar = jar.add(cookies::of_visitor(state, MARKET, self.market.code().to_owned()));
        }
        if self.chose_locale {
            jar = jar.add(cookies::of_visitor(state, LANGUAGE, self.locale.as_str().to_owned()));
        }
        jar
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let remembered = |name: &str| jar.get(&cookies::name(state, name)).map(|cookie| cookie.value().to_owned());
        let asked = |name: &str| if parts.method == Method::GET { query_value(parts, name) } else { None };
        let languages = browser_languages(&parts.headers);

        let asked_market = asked("market").and_then(|code| Market::from_code(&code));
        let asked_locale = asked("lang").and_then(|code| code.parse::<Locale>().ok());
        let market = asked_market.or_else(|| remembered(MARKET).and_then(|code| Market::from_code(&code)));
        let locale = asked_locale.or_else(|| remembered(LANGUAGE).and_then(|code| code.parse().ok()));
        let cart_token = remembered(CART).filter(|token| chance::is_token(token));
        let cart = match &cart_token {
            Some(token) => state.store.cart(token).await.map_err(AppError::from),
            None => Ok(None),
        };
        Ok(Visitor {
            chose_language: locale.is_some(),
            market: market.unwrap_or_else(|| market_for(&languages)),
            locale: locale.unwrap_or_else(|| locale_for(&languages)),
            cart_token,
            cart,
            ordered: remembered(ORDERED).unwrap_or_default(),
            path: own_path(parts.uri.path()),
            kept: KEPT.into_iter().filter_map(|name| Some((name.to_owned(), asked(name)?))).collect(),
            chose_market: asked_market.is_some(),
            chose_locale: asked_locale.is_some(),
        })
    }
}

/// Parameters that a change of market or language keeps.
const KEPT: [&str; 3] = ["category", "q", "opening"];

/// A path that browsers do not read as the address of another host.
fn own_path(path: &str) -> String {
    if path.starts_with("//") || path.contains('\\') { "/".to_owned() } else { path.to_owned() }
}

/// A parameter of the address.
pub fn query_value(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query()?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The browser's languages, the most wanted first.
fn browser_languages(headers: &HeaderMap) -> Vec<String> {
    headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(accept_language::parse).unwrap_or_default()
}

fn market_for(languages: &[String]) -> Market {
    let market = |language: &String| {
        let language = language.to_lowercase();
        let primary = language.split('-').next().unwrap_or_default();
        match primary {
            "ko" => Some(Market::Korea),
            "fil" | "tl" | "ceb" => Some(Market::Philippines),
            "nl" | "fr" => Some(Market::Belgium),
            _ if language.ends_with("-kr") => Some(Market::Korea),
            _ if language.ends_with("-ph") => Some(Market::Philippines),
            _ => None,
        }
    };
    languages.iter().find_map(market).unwrap_or(Market::Belgium)
}

fn locale_for(languages: &[String]) -> Locale {
    let known = |language: &String| language.split('-').next().and_then(|primary| primary.parse().ok());
    languages.iter().find_map(known).unwrap_or_default()
}

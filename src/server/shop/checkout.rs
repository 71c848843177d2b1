//! ACT: from cart and form to a stored order, and on to the Payment Page.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use leptos_i18n::Locale as _;

use crate::{
    components::order_summary::lines_of_cart,
    domain::{
        orders::order::{Order, OrderLine},
        shop::{
            cart::{Cart, PricedCart},
            checkout::{Checkout, CheckoutErrors, CheckoutForm, within_limits},
            customer::Contact,
        },
    },
    error::AppError,
    pages::checkout::{CheckoutView, Notice},
    server::{
        http::{customer_address::CustomerAddress, input::ShopForm, visitor::Visitor},
        platform::questions,
        running::chance,
        shop::{
            checkout_form::{PostedCheckout, product_name, show_form},
            opening::{ChosenOpening, ToldBy},
            ordering_browser,
            payment_page::send_to_pay,
        },
        state::AppState,
        store::{Attempted, NewOrder},
    },
};

pub async fn show(State(state): State<AppState>, visitor: Visitor, opening: ChosenOpening) -> Result<Response, AppError> {
    let Some((cart, priced)) = filled_cart(&state, &visitor)? else { return Ok(Redirect::to("/cart").into_response()) };
    let first = visitor.market.methods().find(|method| within_limits(*method, priced.total).is_ok());
    let payment_method = first.map_or(String::new(), |method| method.rules().code.to_owned());
    let form = CheckoutForm { payment_method, ..CheckoutForm::default() };
    let page = CheckoutPageOf { state: &state, visitor: &visitor, opening, cart, priced: &priced };
    Ok(page.show(form, CheckoutErrors::default(), None))
}

pub async fn pay(
    State(state): State<AppState>,
    visitor: Visitor,
    opening: ChosenOpening,
    told_by: ToldBy,
    CustomerAddress(address): CustomerAddress,
    ShopForm(posted): ShopForm<PostedCheckout>,
) -> Result<Response, AppError> {
    // The form of an order that exists already leads to that order, whatever became of the cart.
    if let Some(key) = &posted.cart
        && visitor.cart()?.is_none_or(|cart| cart.order_key != *key)
        && let Some(token) = state.store.order_of_key(key).await?
    {
        return Ok(Redirect::to(&format!("/orders/{token}")).into_response());
    }
    let Some((cart, priced)) = filled_cart(&state, &visitor)? else { return Ok(Redirect::to("/cart").into_response()) };
    let form = posted.form();
    let page = CheckoutPageOf { state: &state, visitor: &visitor, opening, cart, priced: &priced };
    let seen = |notice| page.show(form.clone(), CheckoutErrors::default(), Some(notice));
    let same_cart = posted.cart.as_ref().is_none_or(|key| *key == cart.order_key);
    let same_total = posted.total.as_ref().is_none_or(|total| *total == priced.total.to_string());
    if !(same_cart && same_total) {
        return Ok(seen(Notice::CartChanged));
    }
    let checkout = match form.parse(priced.total, &Contact::default(), state.config.payment_path) {
        Ok(checkout) => Checkout { ip_address: Some(address.to_string()), ..checkout },
        Err(errors) => return Ok(page.show(form, errors, None)),
    };
    let order = new_order(&state, &visitor, cart, &priced, checkout.contact.clone());
    let first_question_at = questions::first_question(&state, checkout.method);
    match state.store.place_order(order, checkout, &state.catalog, state.now(), first_question_at).await? {
        Attempted::Ready(order) => {
            let remembered = ordering_browser::remembered(&state, &visitor, &order.token);
            let jar = remembered.map_or_else(CookieJar::new, |cookie| CookieJar::new().add(cookie));
            Ok((jar, send_to_pay(&state, &order, visitor.locale, told_by)?).into_response())
        }
        Attempted::AlreadyPaid(order) => Ok(Redirect::to(&format!("/orders/{}", order.token)).into_response()),
        Attempted::OutOfStock(slug) => Ok(seen(Notice::OutOfStock(product_name(&state, &visitor, &slug)))),
    }
}

/// The visitor's cart with today's prices, if there is anything in it.
fn filled_cart<'a>(state: &'a AppState, visitor: &'a Visitor) -> Result<Option<(&'a Cart, PricedCart<'a>)>, AppError> {
    let Some(cart) = visitor.cart()? else { return Ok(None) };
    let priced = cart.priced(&state.catalog, visitor.market).map_err(|_| AppError::BadRequest)?;
    Ok((!priced.lines.is_empty()).then_some((cart, priced)))
}

fn new_order(state: &AppState, visitor: &Visitor, cart: &Cart, priced: &PricedCart, contact: Contact) -> NewOrder {
    let language = visitor.locale.as_str();
    let line = |line: &crate::domain::shop::cart::PricedLine| OrderLine {
        slug: line.product.slug.clone(),
        name: line.product.name.in_language(language).to_owned(),
        quantity: line.quantity.get(),
        unit: line.unit,
    };
    let order = Order {
        number: chance::order_number(),
        token: chance::token(),
        market: visitor.market,
        language: language.to_owned(),
        customer_id: cart.customer_id.clone(),
        contact,
        ip_address: None,
        lines: priced.lines.iter().map(line).collect(),
        total: priced.total,
        placed_at: state.now(),
        held_until: 0,
        attempts: Vec::new(),
        paid_by: None,
    };
    NewOrder { order_key: cart.order_key.clone(), payment_id_prefix: state.config.payment_id_prefix.clone(), order }
}

/// All that a checkout page is about.
struct CheckoutPageOf<'a> {
    state: &'a AppState,
    visitor: &'a Visitor,
    opening: ChosenOpening,
    cart: &'a Cart,
    priced: &'a PricedCart<'a>,
}

impl CheckoutPageOf<'_> {
    fn show(&self, form: CheckoutForm, errors: CheckoutErrors, notice: Option<Notice>) -> Response {
        let Self { state, visitor, opening, cart, priced } = self;
        let checkout = CheckoutView {
            action: opening.action("/checkout"),
            order_number: None,
            lines: lines_of_cart(priced, visitor.locale),
            names_in: visitor.locale.as_str().to_owned(),
            total: priced.total,
            cart_key: Some(cart.order_key.clone()),
            path: state.config.payment_path,
            market: visitor.market,
            methods: visitor.market.methods().collect(),
            form,
            errors,
            notice,
            known: Contact::default(),
            embedding: opening.embedding(state),
        };
        show_form(state, visitor, checkout)
    }
}

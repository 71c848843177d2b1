//! `/checkout` and `/orders/{token}/pay`: how to pay, and only what the chosen way needs.

use leptos::prelude::*;

use crate::{
    components::{
        fields::TextField,
        order_summary::{OrderSummary, SummaryLine},
        price::in_words,
    },
    domain::{
        money::Money,
        shop::{
            checkout::{CheckoutErrors, CheckoutForm, within_limits},
            customer::{Contact, FieldError},
            market::Market,
        },
    },
    i18n::{Locale, td, td_string},
    islands::{
        checkout_guide::CheckoutGuide, error_text::error_text, payment_page::opening::PaymentOpening, stay_current::StayCurrent,
    },
    platform::{Method, Opening, PaymentPath},
};

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct CheckoutView {
    pub path: PaymentPath,
    /// Where the form goes.
    pub action: String,
    /// For an order that exists already: its number.
    pub order_number: Option<String>,
    pub lines: Vec<SummaryLine>,
    /// The language their names are in.
    pub names_in: String,
    pub total: Money,
    /// What the form must be about, so that nobody pays for another cart than they saw.
    pub cart_key: Option<String>,
    pub market: Market,
    pub methods: Vec<Method>,
    pub form: CheckoutForm,
    pub errors: CheckoutErrors,
    pub notice: Option<Notice>,
    /// Already told for this order: not asked again, and not shown either.
    pub known: Contact,
    pub embedding: Option<Embedding>,
}

/// The Payment Page is to open in a frame.
#[derive(Debug, Clone)]
pub struct Embedding {
    pub opening: Opening,
    /// Where the platform's script and style are.
    pub payment_page: String,
}

/// Something about the whole form.
#[derive(Debug, Clone)]
pub enum Notice {
    CartChanged,
    /// The name of a thing that is gone.
    OutOfStock(String),
}

#[component]
pub fn CheckoutPage(checkout: CheckoutView, locale: Locale) -> impl IntoView {
    let CheckoutView { action, order_number, lines, names_in, total, cart_key, methods, form, errors, notice, embedding, .. } =
        checkout.clone();
    let current = order_number.clone().or_else(|| cart_key.clone());
    let (opening, payment_page) = embedding.clone().map(|embedding| (embedding.opening.code(), embedding.payment_page)).unzip();
    let heading = match &order_number {
        Some(number) => format!("{} {number}", td_string!(locale, checkout.again)),
        None => td_string!(locale, checkout.title).to_owned(),
    };
    let chosen = form.payment_method;
    let checkout_path = checkout.path;
    view! {
        <h1>{heading}</h1>
        {notice.map(|notice| notice_view(notice, locale))}
        <p class="notice" id="cart-changed" role="alert" hidden>
            {td!(locale, checkout.changed_elsewhere, total = in_words(total, locale))}
            " " <a href=action.clone()>{td!(locale, checkout.show_present)}</a>
        </p>
        {embedding.is_some().then(|| view! {
            <p class="payment-status">
                <span id="payment-status" role="status"></span>
                " " <a id="payment-order" hidden>{td!(locale, payment.order)}</a>
            </p>
        })}
        <div class="checkout" data-current=current>
            <div>
                <form id="checkout" action=action method="post" novalidate data-path=checkout_path.code() data-opening=opening data-payment-page=payment_page>
                    <ErrorSummary errors=errors locale=locale/>
                    {cart_key.map(|key| view! {
                        <input type="hidden" name="cart" value=key/>
                        <input type="hidden" name="total" value=total.to_string()/>
                    })}
                    {method_choice(methods, &chosen, checkout_path, errors.payment_method, total, locale)}
                    <fieldset class="contact">
                        <legend>{td!(locale, checkout.contact)}</legend>
                        <ContactFields checkout=checkout locale=locale/>
                    </fieldset>
                    <button class="pay">{td!(locale, checkout.pay)}" "{in_words(total, locale)}</button>
                    <p class="leaving">{match checkout_path {
                        PaymentPath::PaymentPage => td_string!(locale, checkout.leaving),
                        PaymentPath::Gate => td_string!(locale, checkout.leaving_to_method),
                    }}</p>
                    <p class="leaving">{td!(locale, checkout.terms)}" "<a href="/terms">{td!(locale, shop.terms)}</a>"."</p>
                    <CheckoutGuide/>
                    <StayCurrent/>
                </form>
                {embedding.map(|_| view! { <PaymentPlace total=total locale=locale/> })}
            </div>
            <aside class="summary" aria-labelledby="summary-heading">
                <h2 id="summary-heading">{td!(locale, checkout.summary)}</h2>
                <OrderSummary lines=lines total=total names_in=names_in locale=locale/>
            </aside>
        </div>
    }
}

/// Takes the form's place while the Payment Page is open inside the checkout.
#[component]
fn PaymentPlace(total: Money, locale: Locale) -> impl IntoView {
    view! {
        <section id="payment" class="payment" aria-labelledby="payment-heading" hidden>
            <h2 id="payment-heading">{td!(locale, checkout.pay)}" "{in_words(total, locale)}</h2>
            <div id="payment-page"></div>
            <button type="button" class="quiet" id="payment-close">{td!(locale, payment.back)}</button>
        </section>
        <PaymentOpening/>
    }
}

/// Asks for what is not known yet.
#[component]
fn ContactFields(checkout: CheckoutView, locale: Locale) -> impl IntoView {
    let CheckoutView { form, errors, known, market, .. } = checkout;
    let email_hints = vec![
        ("", td!(locale, checkout.email_optional).into_any()),
        ("paymaya-wallet", td!(locale, checkout.email_needed).into_any()),
    ];
    let last_name_hints = vec![("bancontact", td!(locale, checkout.last_name_needed).into_any())];
    let phone_hints = vec![("", td!(locale, checkout.phone_hint, example = phone_example(market)).into_any())];
    view! {
        {match known.email {
            Some(_) => view! { <p class="known">{td!(locale, checkout.known_email)}</p> }.into_any(),
            None => view! {
                <TextField name="email" kind="email" autocomplete="email" label=td_string!(locale, checkout.email)
                    hints=email_hints value=form.email error=errors.email locale=locale/>
            }.into_any(),
        }}
        {match known.last_name {
            Some(_) => view! { <p class="known" data-field="last_name">{td!(locale, checkout.known_last_name)}</p> }.into_any(),
            None => view! {
                <TextField name="last_name" kind="text" autocomplete="family-name" label=td_string!(locale, checkout.last_name)
                    hints=last_name_hints value=form.last_name error=errors.last_name locale=locale/>
            }.into_any(),
        }}
        {known.phone.is_none().then(|| view! {
            <TextField name="phone" kind="tel" autocomplete="tel" label=td_string!(locale, checkout.phone)
                hints=phone_hints value=form.phone error=errors.phone locale=locale/>
        })}
    }
}

/// A number of the market's country, as people there write it for somebody abroad.
fn phone_example(market: Market) -> &'static str {
    match market {
        Market::Korea => "+82 10 1234 5678",
        Market::Philippines => "+63 917 123 4567",
        Market::Belgium => "+32 470 12 34 56",
    }
}

/// The radio buttons. Through Gate there is no Payment Page to choose on.
fn method_choice(
    methods: Vec<Method>,
    chosen: &str,
    path: PaymentPath,
    error: Option<FieldError>,
    total: Money,
    locale: Locale,
) -> AnyView {
    view! {
        <fieldset class="methods" id="methods" tabindex="-1" aria-describedby="payment_method-error">
            <legend>{td!(locale, checkout.method)}</legend>
            {methods.into_iter().map(|method| method_view(method, chosen, total, locale)).collect_view()}
            {(path == PaymentPath::PaymentPage).then(|| view! {
                <div class="method">
                    <input type="radio" id="method-choose" name="payment_method" value="" checked=chosen.is_empty() aria-describedby="method-choose-hint"/>
                    <label for="method-choose">{td!(locale, checkout.choose)}</label>
                    <span class="method-hint" id="method-choose-hint">{td!(locale, checkout.choose_hint)}</span>
                </div>
            })}
            <p class="error" id="payment_method-error">{error.map(|error| error_text(error, locale))}</p>
        </fieldset>
    }
    .into_any()
}

fn method_view(method: Method, chosen: &str, total: Money, locale: Locale) -> impl IntoView + use<> {
    let rules = method.rules();
    let (id, hint_id) = (format!("method-{}", rules.code), format!("method-{}-hint", rules.code));
    let outside = within_limits(method, total).err();
    let hint = match (outside, method) {
        (Some(error), _) => error_text(error, locale),
        (None, Method::Payco) => td_string!(locale, checkout.payco_hint),
        (None, Method::PayMaya) => td_string!(locale, checkout.paymaya_hint),
        (None, Method::Bancontact) => td_string!(locale, checkout.bancontact_hint),
    };
    view! {
        <div class="method" class:outside=outside.is_some()>
            <input type="radio" id=id.clone() name="payment_method" value=rules.code checked=chosen == rules.code aria-describedby=hint_id.clone()/>
            <label for=id>{rules.name}</label>
            <span class="method-hint" id=hint_id>{hint}</span>
        </div>
    }
}

/// Every error in one place, each leading to its field. Empty while there is none: the browser may fill it.
#[component]
fn ErrorSummary(errors: CheckoutErrors, locale: Locale) -> impl IntoView {
    let all: [(&str, &str, Option<FieldError>); 4] = [
        ("payment_method", td_string!(locale, checkout.method), errors.payment_method),
        ("email", td_string!(locale, checkout.email), errors.email),
        ("last_name", td_string!(locale, checkout.last_name), errors.last_name),
        ("phone", td_string!(locale, checkout.phone), errors.phone),
    ];
    let items = all.into_iter().filter_map(|(field, label, error)| {
        let text = error_text(error?, locale);
        let target = if field == "payment_method" { "#methods".to_owned() } else { format!("#{field}") };
        Some(view! { <li><a href=target>{label}": "{text}</a></li> })
    });
    view! {
        <div class="error-summary" id="error-summary" role="alert" tabindex="-1" hidden=!errors.any() autofocus=errors.any()>
            <p>{td!(locale, checkout.errors)}</p>
            <ul>{items.collect_view()}</ul>
        </div>
    }
}

fn notice_view(notice: Notice, locale: Locale) -> impl IntoView {
    let text = match notice {
        Notice::CartChanged => td_string!(locale, checkout.stale).to_owned(),
        Notice::OutOfStock(name) => format!("{} {name}", td_string!(locale, checkout.out_of_stock)),
    };
    view! { <p class="notice" role="alert" tabindex="-1" autofocus=true>{text}</p> }
}

//! Turns an order into the parameters of the Payment Page: the shop's words become the platform's.

use std::collections::BTreeMap;

use axum::{
    Json,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use leptos_i18n::Locale as _;
use metrics::counter;
use serde::Serialize;

use crate::{
    config::settings::Config,
    domain::{
        orders::order::{Attempt, Order, OrderLine},
        shop::customer::{Email, LastName, Phone},
    },
    error::AppError,
    i18n::{Locale, td_string},
    platform::method::Rules,
    protocol::{
        parameters as p,
        payment_page::{PaymentPage, Purchase, Unfit, address, signed},
        receipt::{Position, Receipt},
    },
    server::{
        running::telling::request,
        shop::{opening::ToldBy, sales},
        state::AppState,
    },
};

/// Sends the customer to pay the order's newest attempt, in the language they read now.
pub fn send_to_pay(state: &AppState, order: &Order, locale: Locale, told_by: ToldBy) -> Result<Response, AppError> {
    if let Some(Attempt { payment_id, method, .. }) = order.attempts.last() {
        request::is_about(payment_id);
        counter!("payments_begun_total").increment(1);
        tracing::info!(method = method.map(|method| method.rules().code), "a customer is sent to pay");
    }
    match order.attempts.last() {
        Some(attempt) if attempt.sale.is_some() => {
            sales::begin(state, attempt);
            Ok(Redirect::to(&format!("/orders/{}/continue", order.token)).into_response())
        }
        _ => send_to(state, order, locale, told_by),
    }
}

fn send_to(state: &AppState, order: &Order, locale: Locale, told_by: ToldBy) -> Result<Response, AppError> {
    let signed = order.attempts.last().and_then(|attempt| sign(&state.config, order, attempt, locale));
    let Some(signed) = signed else {
        tracing::error!(order = order.number, "an order could not be signed");
        return Err(AppError::Internal);
    };
    let address = address(&state.config.payment_page_url, &signed);
    Ok(match told_by {
        ToldBy::Redirect => Redirect::to(&address).into_response(),
        ToldBy::Json => {
            Json(Ready { order: format!("/orders/{}", order.token), address, parameters: signed.into_iter().collect() })
                .into_response()
        }
    })
}

/// What a page needs to open the Payment Page in a frame, or in the tab after all.
#[derive(Serialize)]
struct Ready {
    /// Path of the order's page.
    order: String,
    address: String,
    /// All in `address`, by name.
    parameters: BTreeMap<String, String>,
}

fn sign(config: &Config, order: &Order, attempt: &Attempt, locale: Locale) -> Option<Vec<(String, String)>> {
    signed(parameters(config, order, attempt, locale).ok()?.fields(), config.keys.first()?).ok()
}

/// Seen by everyone who opens the address; every text in it was checked before the order was made.
fn parameters(config: &Config, order: &Order, attempt: &Attempt, locale: Locale) -> Result<PaymentPage, Unfit> {
    let shop = config.origin();
    let back = format!("{shop}/orders/{}", order.token);
    // Personal data is sent only where a method asks for it. A customer who chooses there may choose such a method.
    let contact = &order.contact;
    let asks = |needs: fn(&Rules) -> bool| attempt.method.is_none_or(|method| needs(method.rules()));
    let page = PaymentPage::purchase(Purchase {
        project_id: config.project_id,
        payment_id: &attempt.payment_id,
        payment_amount: attempt.amount.minor(),
        payment_currency: attempt.amount.currency().code(),
        customer_id: &order.customer_id,
    })?
    .text_if_known(p::FORCE_PAYMENT_METHOD, attempt.method.map(|method| method.rules().code))?
    .text_if_known(p::CUSTOMER_EMAIL, contact.email.as_ref().filter(|_| asks(|rules| rules.needs_email)).map(Email::as_str))?
    .text_if_known(
        p::CUSTOMER_LAST_NAME,
        contact.last_name.as_ref().filter(|_| asks(|rules| rules.needs_last_name)).map(LastName::as_str),
    )?
    .text_if_known(p::CUSTOMER_PHONE, contact.phone.as_ref().map(Phone::as_str))?
    .text(p::CUSTOMER_COUNTRY, order.market.code())?
    .text_if_known(p::RECEIPT_DATA, receipt(order).and_then(|receipt| receipt.encoded()).as_deref())?
    .text_if_known(p::BEST_BEFORE, moment(attempt.begins_before).as_deref())?
    .text(p::PAYMENT_DESCRIPTION, &format!("{} {}", td_string!(locale, shop.name), order.number))?
    .text(p::LANGUAGE_CODE, locale.as_str())?
    .text(p::MERCHANT_CALLBACK_URL, &format!("{shop}/callbacks"))?;
    // The customer's buttons, on every result; and after success the way back by itself.
    // After a decline nothing redirects: trying again on the page and redirecting exclude each other.
    [
        (p::MERCHANT_SUCCESS_URL, p::MERCHANT_SUCCESS_ENABLED, p::MERCHANT_SUCCESS_REDIRECT_MODE),
        (p::MERCHANT_FAIL_URL, p::MERCHANT_FAIL_ENABLED, p::MERCHANT_FAIL_REDIRECT_MODE),
        (p::MERCHANT_RETURN_URL, p::MERCHANT_RETURN_ENABLED, p::MERCHANT_RETURN_REDIRECT_MODE),
        (p::REDIRECT_SUCCESS_URL, p::REDIRECT_SUCCESS_ENABLED, p::REDIRECT_SUCCESS_MODE),
    ]
    .into_iter()
    .try_fold(page, |page, (url, enabled, mode)| page.text(url, &back)?.integer(enabled, ALWAYS)?.text(mode, "parent_page"))
}

/// What was ordered, line by line.
fn receipt(order: &Order) -> Option<Receipt> {
    let position = |line: &OrderLine| {
        let sum = line.unit.times(line.quantity).ok()?;
        Some(Position { quantity: line.quantity, amount: sum.minor(), description: line.name.clone() })
    };
    Some(Receipt { positions: order.lines.iter().map(position).collect::<Option<_>>()? })
}

/// Unix seconds as `best_before` has them: the Payment Page counts down to it.
fn moment(seconds: i64) -> Option<String> {
    let moment = Timestamp::from_second(seconds).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
}

/// `…_enabled`: 0 hidden, 1 only in a tab of its own, 2 always.
const ALWAYS: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::payment_page::check_text;

    #[test]
    fn every_language_names_the_shop_in_words_that_may_be_signed() {
        for locale in Locale::get_all() {
            assert_eq!(check_text(td_string!(*locale, shop.name), 200), Ok(()), "{}", locale.as_str());
        }
    }
}

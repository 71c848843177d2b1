//! Turns an order into the Payment Page's parameters: the whole seam between the shop's words and the platform's.

use axum::response::{IntoResponse, Redirect, Response};
use leptos_i18n::Locale as _;

use super::{config::Config, state::AppState};
use crate::{
    domain::{
        customer::{Email, LastName},
        order::{Attempt, Order},
    },
    error::AppError,
    i18n::{Locale, td_string},
    platform::method::Rules,
    protocol::{
        parameters as p,
        payment_page::{PaymentPage, Purchase, Unfit},
    },
};

/// Sends the customer to pay the order's newest attempt, in the language they read now.
pub fn send_to(state: &AppState, order: &Order, locale: Locale) -> Result<Response, AppError> {
    let address = order.attempts.last().and_then(|attempt| address(&state.config, order, attempt, locale));
    match address {
        Some(address) => Ok(Redirect::to(&address).into_response()),
        None => {
            tracing::error!(order = order.number, "an order could not be signed");
            Err(AppError::Internal)
        }
    }
}

fn address(config: &Config, order: &Order, attempt: &Attempt, locale: Locale) -> Option<String> {
    let key = config.keys.first()?;
    parameters(config, order, attempt, locale).ok()?.address(&config.payment_page_url, key).ok()
}

/// Seen by everyone who opens the address; every text in it was checked before the order was made.
fn parameters(config: &Config, order: &Order, attempt: &Attempt, locale: Locale) -> Result<PaymentPage, Unfit> {
    let shop = config.origin();
    let back = format!("{shop}/orders/{}", order.token);
    // Personal data goes only where a method asks for it; whoever chooses there may choose such a method.
    let asks = |needs: fn(&Rules) -> bool| attempt.method.is_none_or(|method| needs(method.rules()));
    let page = PaymentPage::purchase(Purchase {
        project_id: config.project_id,
        payment_id: &attempt.payment_id,
        payment_amount: attempt.amount.minor(),
        payment_currency: attempt.amount.currency().code(),
        customer_id: &order.customer_id,
    })?
    .text_if_known(p::FORCE_PAYMENT_METHOD, attempt.method.map(|method| method.rules().code))?
    .text_if_known(p::CUSTOMER_EMAIL, order.email.as_ref().filter(|_| asks(|rules| rules.needs_email)).map(Email::as_str))?
    .text_if_known(
        p::CUSTOMER_LAST_NAME,
        order.last_name.as_ref().filter(|_| asks(|rules| rules.needs_last_name)).map(LastName::as_str),
    )?
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

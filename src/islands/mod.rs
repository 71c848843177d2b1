//! Where pages act by themselves. Each island improves HTML that already works without it:
//! it reads what it needs from the document, so that nothing is sent twice and the browser half stays small.

//!
//! The Payment Page in a frame, from the outside in: `payment_opening` (the button is pressed) → `signed_payment` →
//! `payment_frame` (what is seen, and where hints lead) → `epay_widget` (the platform's script) behind `frame_guard`.

pub mod checkout_guide;
pub mod countdown;
pub mod epay_widget;
pub mod order_watch;
pub mod payment_opening;
pub mod stay_current;
pub mod way_out;

mod dom;
mod frame_guard;
mod order_events;
mod payment_frame;
pub mod send_on;
mod signed_payment;

use crate::{
    domain::shop::customer::FieldError,
    i18n::{Locale, td_string},
};

/// The sentence for an error. Browser and server say the same.
pub fn error_text(error: FieldError, locale: Locale) -> &'static str {
    match error {
        FieldError::Missing => td_string!(locale, error.missing),
        FieldError::NotAnEmail => td_string!(locale, error.not_an_email),
        FieldError::NotAPhone => td_string!(locale, error.not_a_phone),
        FieldError::TooLong => td_string!(locale, error.too_long),
        FieldError::Unsendable => td_string!(locale, error.unsendable),
        FieldError::NotTaken => td_string!(locale, error.not_taken),
        FieldError::UnknownMethod => td_string!(locale, error.unknown_method),
        FieldError::TotalTooSmall => td_string!(locale, error.total_too_small),
        FieldError::TotalTooLarge => td_string!(locale, error.total_too_large),
    }
}

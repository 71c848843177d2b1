//! Where pages act by themselves. Each island improves HTML that already works without it:
//! it reads what it needs from the document, so that nothing is sent twice and the browser half stays small.

pub mod checkout_guide;
pub mod order_watch;

use crate::{
    domain::customer::FieldError,
    i18n::{Locale, td_string},
};

/// The sentence for an error. Browser and server say the same.
pub fn error_text(error: FieldError, locale: Locale) -> &'static str {
    match error {
        FieldError::Missing => td_string!(locale, error.missing),
        FieldError::NotAnEmail => td_string!(locale, error.not_an_email),
        FieldError::TooShort => td_string!(locale, error.too_short),
        FieldError::TooLong => td_string!(locale, error.too_long),
        FieldError::Unsendable => td_string!(locale, error.unsendable),
        FieldError::UnknownMethod => td_string!(locale, error.unknown_method),
        FieldError::TotalTooSmall => td_string!(locale, error.total_too_small),
        FieldError::TotalTooLarge => td_string!(locale, error.total_too_large),
    }
}

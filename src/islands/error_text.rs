//! The sentence for what is wrong in a field. Browser and server say the same.

use crate::{
    domain::shop::customer::FieldError,
    i18n::{Locale, td_string},
};

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

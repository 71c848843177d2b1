//! What a checkout form must hold. Browser and server use this same code.

use super::customer::{Contact, Email, FieldError, LastName, Phone};
use crate::domain::money::Money;
use crate::platform::{Method, PaymentPath};

/// The form as typed. A missing field is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckoutForm {
    pub email: String,
    pub last_name: String,
    pub phone: String,
    /// A method's code; empty: the customer chooses on the Payment Page.
    pub payment_method: String,
}

/// A checked form, which holds what its method needs.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// `None`: the customer chooses on the Payment Page.
    pub method: Option<Method>,
    pub contact: Contact,
    pub path: PaymentPath,
    /// The customer's IP address.
    pub ip_address: Option<String>,
    /// Whether the contact is stored with the order. If the visitor only has the order's link, it is used for this attempt alone.
    pub is_remembered: bool,
}

/// At most one error for each field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckoutErrors {
    pub payment_method: Option<FieldError>,
    pub email: Option<FieldError>,
    pub last_name: Option<FieldError>,
    pub phone: Option<FieldError>,
}

impl CheckoutErrors {
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl CheckoutForm {
    /// Reads the form for a total. Required is only what the chosen method needs and earlier attempts have not told.
    /// Through Gate a method must be chosen here; a last name may be left out, because the platform asks for it later.
    pub fn parse(&self, total: Money, known: &Contact, path: PaymentPath) -> Result<Checkout, CheckoutErrors> {
        let method = self.method();
        let payment_method = match method {
            Ok(Some(method)) => within_limits(method, total).err(),
            Ok(None) if path == PaymentPath::Gate => Some(FieldError::UnknownMethod),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let method = method.ok().flatten();
        let email = field(&self.email, known.email.as_ref(), method.is_some_and(|m| m.rules().needs_email), Email::parse);
        // For methods that need no last name the field is hidden, and its content does not matter.
        let asks_last_name = method.is_some_and(|m| m.rules().needs_last_name);
        let typed = if asks_last_name { self.last_name.as_str() } else { "" };
        let needs_last_name = asks_last_name && path == PaymentPath::PaymentPage;
        let last_name = field(typed, known.last_name.as_ref(), needs_last_name, LastName::parse);
        let phone = field(&self.phone, known.phone.as_ref(), false, Phone::parse);

        let errors = CheckoutErrors {
            payment_method,
            email: email.as_ref().err().copied(),
            last_name: last_name.as_ref().err().copied(),
            phone: phone.as_ref().err().copied(),
        };
        match (email, last_name, phone) {
            (Ok(email), Ok(last_name), Ok(phone)) if !errors.any() => {
                Ok(Checkout { method, contact: Contact { email, last_name, phone }, path, ip_address: None, is_remembered: true })
            }
            _ => Err(errors),
        }
    }

    fn method(&self) -> Result<Option<Method>, FieldError> {
        match self.payment_method.as_str() {
            "" => Ok(None),
            code => Method::from_code(code).map(Some).ok_or(FieldError::UnknownMethod),
        }
    }
}

/// Whether a method takes this total. Errors: another currency, too small, too large.
pub fn within_limits(method: Method, total: Money) -> Result<(), FieldError> {
    let rules = method.rules();
    if rules.currency != total.currency() {
        Err(FieldError::UnknownMethod)
    } else if total.minor() < rules.minimum {
        Err(FieldError::TotalTooSmall)
    } else if rules.maximum.is_some_and(|most| total.minor() > most) {
        Err(FieldError::TotalTooLarge)
    } else {
        Ok(())
    }
}

fn field<T: Clone>(
    typed: &str,
    known: Option<&T>,
    needed: bool,
    parse: impl Fn(&str) -> Result<T, FieldError>,
) -> Result<Option<T>, FieldError> {
    match parse(typed) {
        Ok(value) => Ok(Some(value)),
        Err(FieldError::Missing) => match known {
            Some(value) => Ok(Some(value.clone())),
            None if needed => Err(FieldError::Missing),
            None => Ok(None),
        },
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn form(payment_method: &str, email: &str, last_name: &str) -> CheckoutForm {
        CheckoutForm {
            payment_method: payment_method.into(),
            email: email.into(),
            last_name: last_name.into(),
            ..CheckoutForm::default()
        }
    }

    fn money(text: &str, currency: Currency) -> Money {
        Money::parse(text, currency).unwrap()
    }

    #[test]
    fn each_method_asks_only_for_what_it_needs() {
        let known = Contact::default();
        assert!(form("payco-wallet", "", "").parse(money("1000", Currency::KRW), &known, PaymentPath::PaymentPage).is_ok());
        let errors =
            form("paymaya-wallet", "", "").parse(money("20.00", Currency::PHP), &known, PaymentPath::PaymentPage).unwrap_err();
        assert_eq!(errors, CheckoutErrors { email: Some(FieldError::Missing), ..Default::default() });
        let errors = form("bancontact", "", "").parse(money("1.00", Currency::EUR), &known, PaymentPath::PaymentPage).unwrap_err();
        assert_eq!(errors, CheckoutErrors { last_name: Some(FieldError::Missing), ..Default::default() });
        assert!(form("", "", "x").parse(money("1.00", Currency::EUR), &known, PaymentPath::PaymentPage).is_ok());
    }

    #[test]
    fn through_gate_a_method_is_chosen_here_and_the_platform_asks_for_the_last_name() {
        let (total, known) = (money("1.00", Currency::EUR), Contact::default());
        assert!(form("bancontact", "", "").parse(total, &known, PaymentPath::Gate).is_ok());
        let errors = form("bancontact", "", "L;i").parse(total, &known, PaymentPath::Gate).unwrap_err();
        assert_eq!(errors.last_name, Some(FieldError::Unsendable));
        let errors = form("", "", "").parse(total, &known, PaymentPath::Gate).unwrap_err();
        assert_eq!(errors.payment_method, Some(FieldError::UnknownMethod));
    }

    #[test]
    fn what_is_known_is_not_asked_again() {
        let known = Contact { email: Email::parse("a@b.example").ok(), ..Contact::default() };
        assert!(form("paymaya-wallet", "", "").parse(money("20.00", Currency::PHP), &known, PaymentPath::PaymentPage).is_ok());
    }

    #[test]
    fn limits_are_known_before_the_customer_leaves() {
        for (total, error) in [
            ("19.99", Some(FieldError::TotalTooSmall)),
            ("20.00", None),
            ("15000.00", None),
            ("15000.01", Some(FieldError::TotalTooLarge)),
        ] {
            let outcome = form("paymaya-wallet", "a@b.example", "").parse(
                money(total, Currency::PHP),
                &Contact::default(),
                PaymentPath::PaymentPage,
            );
            assert_eq!(outcome.err().and_then(|errors| errors.payment_method), error, "{total}");
        }
    }

    #[test]
    fn a_method_of_another_currency_is_unknown_here() {
        let errors = form("bancontact", "", "Peeters")
            .parse(money("1000", Currency::KRW), &Contact::default(), PaymentPath::PaymentPage)
            .unwrap_err();
        assert_eq!(errors.payment_method, Some(FieldError::UnknownMethod));
    }
}

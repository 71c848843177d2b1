//! What the Payment Page asks the customer for, and the check of the answers.

use crate::{
    payment_page::parameters::PaymentParameters,
    payments::{email::is_email, fields::Fields, last_name::is_last_name},
};
use storefront::{domain::text::seen, platform::Method};

/// Names of the form's own fields. They begin with `_`, so they never count as signed parameters.
pub const METHOD: &str = "_method";
pub const EMAIL: &str = "_email";
pub const LAST_NAME: &str = "_last_name";

/// As typed and chosen.
#[derive(Debug, Default, Clone)]
pub struct Answers {
    pub method: Option<Method>,
    pub email: String,
    pub last_name: String,
}

/// What is wrong with the answers, each beside its field.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Complaints {
    pub method: Option<&'static str>,
    pub email: Option<&'static str>,
    pub last_name: Option<&'static str>,
}

impl Answers {
    /// What is known before the customer answers. If only one method is possible, it is chosen already.
    pub fn from_parameters(parameters: &PaymentParameters) -> Self {
        Self {
            method: only_method(parameters),
            email: parameters.fields.get("customer_email").unwrap_or_default().to_owned(),
            last_name: String::new(),
        }
    }

    /// As typed and chosen in a posted form. A method that is not offered counts as none.
    pub fn from_form(form: &Fields, parameters: &PaymentParameters) -> Self {
        let chosen = form.get(METHOD).and_then(Method::from_code).filter(|method| parameters.methods.contains(method));
        let text = |name| seen(form.get(name).unwrap_or_default());
        Self { method: chosen.or(only_method(parameters)), email: text(EMAIL), last_name: text(LAST_NAME) }
    }

    /// The chosen method, if nothing is missing for it.
    pub fn check(&self, parameters: &PaymentParameters) -> Result<Method, Complaints> {
        let Some(method) = self.method else {
            return Err(Complaints { method: Some("Choose a payment method."), ..Complaints::default() });
        };
        let rules = method.rules();
        let complaints = Complaints {
            method: None,
            email: (rules.needs_email && !is_email(&self.email)).then_some("Enter an email address, such as name@example.com."),
            last_name: (rules.needs_last_name && asks_last_name(parameters) && !is_last_name(&self.last_name))
                .then_some("Enter a last name of at most 100 characters."),
        };
        if complaints == Complaints::default() { Ok(method) } else { Err(complaints) }
    }

    /// The merchant's parameters, completed by the customer's answers.
    pub fn complete(&self, method: Method, parameters: &PaymentParameters) -> Fields {
        let mut fields = parameters.fields.clone();
        if method.rules().needs_email {
            fields.set("customer_email", &self.email);
        }
        if method.rules().needs_last_name && asks_last_name(parameters) {
            fields.set("customer_last_name", &self.last_name);
        }
        fields
    }
}

/// An email address is shown for confirmation even if the merchant gave one; a last name only if it did not.
pub fn asks_last_name(parameters: &PaymentParameters) -> bool {
    parameters.fields.get("customer_last_name").is_none_or(|name| seen(name).is_empty())
}

fn only_method(parameters: &PaymentParameters) -> Option<Method> {
    match parameters.methods.as_slice() {
        [method] => Some(*method),
        _ => None,
    }
}

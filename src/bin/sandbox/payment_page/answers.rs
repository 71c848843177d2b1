//! What the Payment Page asks the customer for, and whether the answers will do.

use crate::{look::form::Fields, payment_page::opening::Opening, payments::last_name::is_last_name};
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
    /// What is known before the customer says anything. The only method possible is chosen already.
    pub fn from_opening(opening: &Opening) -> Self {
        Self {
            method: only_method(opening),
            email: opening.fields.get("customer_email").unwrap_or_default().to_owned(),
            last_name: String::new(),
        }
    }

    /// As typed and chosen in a posted form. A method that cannot be chosen here is none.
    pub fn from_form(form: &Fields, opening: &Opening) -> Self {
        let chosen = form.get(METHOD).and_then(Method::from_code).filter(|method| opening.methods.contains(method));
        let text = |name| seen(form.get(name).unwrap_or_default());
        Self { method: chosen.or(only_method(opening)), email: text(EMAIL), last_name: text(LAST_NAME) }
    }

    /// The chosen method, if nothing is missing for it.
    pub fn check(&self, opening: &Opening) -> Result<Method, Complaints> {
        let Some(method) = self.method else {
            return Err(Complaints { method: Some("Choose a payment method."), ..Complaints::default() });
        };
        let rules = method.rules();
        let complaints = Complaints {
            method: None,
            email: (rules.needs_email && !is_email(&self.email)).then_some("Enter an email address, such as name@example.com."),
            last_name: (rules.needs_last_name && asks_last_name(opening) && !is_last_name(&self.last_name))
                .then_some("Enter a last name of at most 100 characters."),
        };
        if complaints == Complaints::default() { Ok(method) } else { Err(complaints) }
    }

    /// The merchant's parameters, completed by what the customer said.
    pub fn complete(&self, method: Method, opening: &Opening) -> Vec<(String, String)> {
        let mut fields = opening.fields.0.clone();
        let mut set = |name: &str, value: &str| {
            fields.retain(|(known, _)| known != name);
            fields.push((name.to_owned(), value.to_owned()));
        };
        if method.rules().needs_email {
            set("customer_email", &self.email);
        }
        if method.rules().needs_last_name && asks_last_name(opening) {
            set("customer_last_name", &self.last_name);
        }
        fields
    }
}

/// An email address is shown for confirmation even if the merchant gave one; a last name only if it did not.
pub fn asks_last_name(opening: &Opening) -> bool {
    opening.fields.get("customer_last_name").is_none_or(|name| seen(name).is_empty())
}

fn only_method(opening: &Opening) -> Option<Method> {
    match opening.methods.as_slice() {
        [method] => Some(*method),
        _ => None,
    }
}

/// Whether a text looks like an email address.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    parts.is_some() && text.chars().count() <= 255 && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_a_name_and_a_host() {
        assert!(is_email("a@b") && is_email("name+tag@example.com"));
        assert!(!["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n"].iter().any(|text| is_email(text)));
    }
}

//! The Payment Page's parameters, signed, and the address that opens it.
//!
//! Values are joined unescaped when signed: a customer's name that holds `;` could forge a second parameter
//! under the same signature. So nothing with `;` or a control character is ever signed.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{
    parameters::{self, Parameter, ParameterKind},
    signed::{
        json::Json,
        signature::{Key, Unsignable},
    },
};

/// Parameters of one payment, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPage {
    fields: Vec<(&'static str, String)>,
}

/// What every purchase needs.
#[derive(Debug, Clone, Copy)]
pub struct Purchase<'a> {
    pub project_id: u64,
    /// Unique in the project, compared without case.
    pub payment_id: &'a str,
    /// Minor units.
    pub payment_amount: u64,
    /// ISO 4217, three letters.
    pub payment_currency: &'a str,
    pub customer_id: &'a str,
}

/// A value that must not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {reason}")]
pub struct Unfit {
    pub parameter: &'static str,
    pub reason: UnfitReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitReason {
    #[error("holds ;")]
    Semicolon,
    #[error("holds a control character")]
    ControlCharacter,
    #[error("is too long")]
    TooLong,
    #[error("takes another kind of value")]
    WrongKind,
}

impl PaymentPage {
    /// The five required parameters. Error: a text among them must not be signed.
    pub fn purchase(purchase: Purchase) -> Result<Self, Unfit> {
        Self { fields: Vec::new() }
            .integer(parameters::PROJECT_ID, purchase.project_id)?
            .text(parameters::PAYMENT_ID, purchase.payment_id)?
            .integer(parameters::PAYMENT_AMOUNT, purchase.payment_amount)?
            .text(parameters::PAYMENT_CURRENCY, purchase.payment_currency)?
            .text(parameters::CUSTOMER_ID, purchase.customer_id)
    }

    /// Errors: holds `;` or a control character, too long, or the parameter holds no text.
    pub fn text(self, parameter: Parameter, value: &str) -> Result<Self, Unfit> {
        let ParameterKind::Text(most) = parameter.kind else { return Err(unfit(parameter, UnfitReason::WrongKind)) };
        check_text(value, most).map_err(|reason| unfit(parameter, reason))?;
        Ok(self.with(parameter, value.to_owned()))
    }

    /// Sets a text if there is one.
    pub fn text_if_known(self, parameter: Parameter, value: Option<&str>) -> Result<Self, Unfit> {
        match value {
            Some(value) => self.text(parameter, value),
            None => Ok(self),
        }
    }

    /// Error: the parameter holds no integer.
    pub fn integer(self, parameter: Parameter, value: u64) -> Result<Self, Unfit> {
        match parameter.kind {
            ParameterKind::Integer => Ok(self.with(parameter, value.to_string())),
            _ => Err(unfit(parameter, UnfitReason::WrongKind)),
        }
    }

    /// Sent and signed as 0 or 1. Error: the parameter holds no flag.
    pub fn flag(self, parameter: Parameter, value: bool) -> Result<Self, Unfit> {
        match parameter.kind {
            ParameterKind::Flag => Ok(self.with(parameter, u8::from(value).to_string())),
            _ => Err(unfit(parameter, UnfitReason::WrongKind)),
        }
    }

    fn with(mut self, parameter: Parameter, value: String) -> Self {
        self.fields.retain(|(name, _)| *name != parameter.name);
        self.fields.push((parameter.name, value));
        self
    }

    /// The parameters as names and values, still to be signed.
    pub fn fields(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }
}

fn unfit(parameter: Parameter, reason: UnfitReason) -> Unfit {
    Unfit { parameter: parameter.name, reason }
}

/// Whether a text may be signed. The shop's forms ask this before an order is made.
pub fn check_text(value: &str, most: usize) -> Result<(), UnfitReason> {
    if value.contains(';') {
        Err(UnfitReason::Semicolon)
    } else if value.chars().any(char::is_control) {
        Err(UnfitReason::ControlCharacter)
    } else if value.chars().count() > most {
        Err(UnfitReason::TooLong)
    } else {
        Ok(())
    }
}

/// Where the Payment Page is: an origin, perhaps with a path, never with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPageUrl {
    url: Url,
    trimmed: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http(s) address without query and fragment")]
pub struct NotABase;

impl PaymentPageUrl {
    /// Reads an address. A slash at its end is ignored.
    pub fn parse(text: &str) -> Result<Self, NotABase> {
        let url = Url::parse(text).map_err(|_| NotABase)?;
        let usable =
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none();
        if !usable || !url.username().is_empty() || url.password().is_some() {
            return Err(NotABase);
        }
        Ok(Self { trimmed: text.trim_end_matches('/').to_owned(), url })
    }

    /// Scheme, host and port: what a Content-Security-Policy names.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The base address of the Payment Page, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.trimmed
    }

    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// Signs the fields and appends the signature.
pub fn signed(mut fields: Vec<(String, String)>, key: &Key) -> Result<Vec<(String, String)>, Unsignable> {
    let signature = key.sign(&as_object(&fields))?;
    fields.push(("signature".to_owned(), signature));
    Ok(fields)
}

/// The address that opens the Payment Page with signed fields. Encoded as the platform's PHP SDK does.
pub fn address(base: &PaymentPageUrl, signed: &[(String, String)]) -> String {
    let pairs: Vec<_> = signed.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    format!("{}/payment?{}", base.trimmed, pairs.join("&"))
}

/// Whether this is the key's signature of the fields. As on the platform, `signature` itself, `frame_mode`
/// and the fields that the embedding script adds (`_referrer`, `_sw` …) are ignored.
pub fn is_signed(fields: &[(String, String)], signature: &str, key: &Key) -> Result<bool, Unsignable> {
    let counted: Vec<_> = fields.iter().filter(|(name, _)| name != "signature" && !name.starts_with('_')).cloned().collect();
    key.signed(&as_object(&counted), signature)
}

fn as_object(fields: &[(String, String)]) -> Json {
    Json::Object(fields.iter().map(|(name, value)| (name.clone(), Json::Text(value.clone()))).collect())
}

const BARE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, BARE).to_string().replace("%20", "+")
}

/// An object's members as wire values: texts as they are, integers in decimal, booleans as 0 or 1.
/// `None` if it holds anything else: an address cannot hold nested values.
pub fn fields_of(object: &Json) -> Option<Vec<(String, String)>> {
    let Json::Object(members) = object else { return None };
    let wire = |value: &Json| match value {
        Json::Text(text) => Some(text.clone()),
        Json::Integer(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(u8::from(*flag).to_string()),
        Json::Null | Json::Unusual(_) | Json::List(_) | Json::Object(_) => None,
    };
    members.iter().map(|(name, value)| Some((name.clone(), wire(value)?))).collect()
}

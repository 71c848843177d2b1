//! Checks the parameters that open the Payment Page, and says precisely what is wrong with each.
//!
//! What the platform does with unknown names is not published. Careful reading: names that begin with `_` do not count,
//! others must be signed like the rest and are accepted, with a remark.

use crate::{
    acts::refused::RefusalCode,
    payment_page::{flag, receipt::Receipt, refusal::Problem},
    payments::{fields::Fields, last_name::is_recommended},
    running::{
        limits::{LARGEST_AMOUNT, LONGEST_BEST_BEFORE},
        settings::{Settings, http_address},
    },
};
use iso_currency::Currency;
use jiff::Timestamp;
use storefront::{
    platform::Method,
    protocol::{
        parameters::{self, ParameterKind},
        payment_page::is_signed,
        signed::{json::Json, signature::string_to_sign},
    },
};

/// Parameters that open a payment.
#[derive(Debug, Clone)]
pub struct PaymentParameters {
    /// The signed ones in the order they came, without the signature.
    pub fields: Fields,
    pub signature: String,
    pub payment_id: String,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    /// Those the customer may choose from; never empty.
    pub methods: Vec<Method>,
    /// Whether the merchant chose the method.
    pub forced: bool,
    /// The payment must be made before this moment, which may have passed.
    pub best_before: Option<Timestamp>,
    pub receipt: Option<Receipt>,
    /// What the merchant's developer should know.
    pub remarks: Vec<String>,
}

const SIGNATURE: &str = "signature";

/// Checks everything at once, so that a developer sees all problems together.
pub fn check(given: &Fields, settings: &Settings, now: Timestamp) -> Result<PaymentParameters, Vec<Problem>> {
    let counted = Fields(given.0.iter().filter(|(name, _)| name != SIGNATURE && !name.starts_with('_')).cloned().collect());
    let (fields, in_words) = match flag::as_signed(&counted, given.filled(SIGNATURE), settings) {
        Some(fields) => (fields, true),
        None => (counted, false),
    };
    let mut problems = Vec::new();
    problems.extend(signature_problem(given.filled(SIGNATURE), &fields, settings));
    problems.extend(fields.0.iter().filter_map(|(name, value)| kind_problem(name, value)));
    problems.extend(project_problem(&fields, settings));
    if fields.filled("payment_id").is_none() {
        problems.push(Problem::missing("payment_id", "a text"));
    }
    problems.extend(purchase_problems(&fields));
    let best_before = best_before(&fields, now).map_err(|problem| problems.push(problem)).ok().flatten();
    let receipt = receipt(&fields).map_err(|problem| problems.push(problem)).ok().flatten();
    let amount = amount(&fields).map_err(|problem| problems.push(problem));
    let currency = currency(&fields).map_err(|problem| problems.push(problem));
    let allowed = allowed_methods(&fields).map_err(|problem| problems.push(problem));
    let methods = match (allowed, currency) {
        (Ok(allowed), Ok(currency)) => usable_methods(allowed, currency).map_err(|problem| problems.push(problem)),
        _ => Err(()),
    };
    let (Ok(amount), Ok(currency), Ok(methods), true) = (amount, currency, methods, problems.is_empty()) else {
        return Err(first_of_each_parameter(problems));
    };
    Ok(PaymentParameters {
        signature: given.get(SIGNATURE).unwrap_or_default().to_owned(),
        payment_id: fields.get("payment_id").unwrap_or_default().to_owned(),
        amount,
        currency,
        methods,
        forced: fields.filled("force_payment_method").is_some(),
        remarks: remarks(&fields, receipt.as_ref(), amount, in_words),
        best_before,
        receipt,
        fields,
    })
}

fn first_of_each_parameter(problems: Vec<Problem>) -> Vec<Problem> {
    let mut first: Vec<Problem> = Vec::new();
    for problem in problems {
        if first.iter().all(|known| known.parameter != problem.parameter) {
            first.push(problem);
        }
    }
    first
}

fn signature_problem(signature: Option<&str>, fields: &Fields, settings: &Settings) -> Option<Problem> {
    let Some(signature) = signature else {
        return Some(Problem::new(
            SIGNATURE,
            "nothing",
            "the signature of all other parameters",
            Some(RefusalCode::SignatureMissing),
        ));
    };
    match is_signed(&fields.0, signature, &settings.key) {
        Ok(true) => None,
        Ok(false) => Some(Problem {
            string_to_sign: string_to_sign(&as_object(fields)).ok(),
            ..Problem::new(
                SIGNATURE,
                signature,
                "another one: this was not made with this project’s key and these values",
                Some(RefusalCode::SignatureWrong),
            )
        }),
        Err(reason) => Some(Problem::new(
            SIGNATURE,
            signature,
            format!("names that can be signed, not {reason}"),
            Some(RefusalCode::SignatureWrong),
        )),
    }
}

/// The fields as the JSON object that is signed.
pub fn as_object(fields: &Fields) -> Json {
    Json::Object(fields.0.iter().map(|(name, value)| (name.clone(), Json::Text(value.clone()))).collect())
}

fn kind_problem(name: &str, value: &str) -> Option<Problem> {
    // The semicolon separates values in the string to sign.
    if value.contains(';') {
        return Some(Problem::new(name, value, "a value without a semicolon", None));
    }
    let expected = match parameters::documented(name)? {
        ParameterKind::Text(most) if value.chars().count() > most => format!("at most {most} characters"),
        ParameterKind::Integer if !is_integer(value) => "a whole number, digits only".to_owned(),
        ParameterKind::Flag if !matches!(value, "0" | "1") => "0 or 1".to_owned(),
        ParameterKind::Text(_) if name.ends_with("_url") && !value.is_empty() && http_address(value).is_none() => {
            "an absolute http or https address".to_owned()
        }
        _ => return None,
    };
    Some(Problem::new(name, value, expected, None))
}

fn is_integer(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) && value.parse::<u64>().is_ok()
}

fn project_problem(fields: &Fields, settings: &Settings) -> Option<Problem> {
    let came = fields.filled("project_id").unwrap_or("nothing");
    let known = came.parse() == Ok(settings.project_id);
    (!known).then(|| {
        Problem::new(
            "project_id",
            came,
            format!("{}, the only project here", settings.project_id),
            Some(RefusalCode::UnknownProject),
        )
    })
}

fn purchase_problems(fields: &Fields) -> Vec<Problem> {
    [("mode", "purchase"), ("operation_type", "sale"), ("card_operation_type", "sale")]
        .into_iter()
        .filter_map(|(name, known)| {
            let came = fields.filled(name).filter(|came| *came != known)?;
            Some(Problem::new(name, came, format!("{known} (anything else is not in this sandbox yet)"), None))
        })
        .collect()
}

fn amount(fields: &Fields) -> Result<u64, Problem> {
    let expected = format!("minor units, 1 to {LARGEST_AMOUNT}");
    let Some(came) = fields.filled("payment_amount") else {
        return Err(Problem::missing("payment_amount", expected));
    };
    let wrong = || Problem::new("payment_amount", came, expected, None);
    came.parse().ok().filter(|amount| (1..=LARGEST_AMOUNT).contains(amount)).ok_or_else(wrong)
}

fn currency(fields: &Fields) -> Result<Currency, Problem> {
    let expected = "a currency code of ISO 4217, such as EUR";
    let Some(came) = fields.filled("payment_currency") else {
        return Err(Problem::missing("payment_currency", expected));
    };
    let wrong = || Problem::new("payment_currency", came, expected, Some(RefusalCode::CurrencyUnknown));
    Currency::from_code(came).ok_or_else(wrong)
}

/// The methods the merchant lets the customer choose from: one, or all of the sandbox.
fn allowed_methods(fields: &Fields) -> Result<Vec<Method>, Problem> {
    let Some(code) = fields.filled("force_payment_method") else { return Ok(Method::ALL.to_vec()) };
    let known = || Method::ALL.map(|method| method.rules().code).join(", ");
    let wrong = || {
        Problem::new("force_payment_method", code, format!("a method of this sandbox: {}", known()), Some(RefusalCode::NothingHere))
    };
    Method::from_code(code).map(|method| vec![method]).ok_or_else(wrong)
}

/// Those of the methods that take the currency.
fn usable_methods(allowed: Vec<Method>, currency: Currency) -> Result<Vec<Method>, Problem> {
    let taken: Vec<&str> = allowed.iter().map(|method| method.rules().currency.code()).collect();
    let expected = format!("a currency of the methods to choose from: {}", taken.join(", "));
    let usable: Vec<Method> = allowed.into_iter().filter(|method| method.rules().currency == currency).collect();
    if usable.is_empty() {
        return Err(Problem::new("payment_currency", currency.code(), expected, Some(RefusalCode::CurrencyNotTaken)));
    }
    Ok(usable)
}

/// A moment that has passed is no problem of the parameters: the customer came too late.
fn best_before(fields: &Fields, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let Some(came) = fields.filled("best_before") else { return Ok(None) };
    let expected = match came.parse::<Timestamp>() {
        Err(_) => "YYYY-MM-DDThh:mm:ss and an offset, such as 2030-01-31T12:00:00+02:00 (+ is written %2B in an address)",
        Ok(moment) if moment.duration_since(now) > LONGEST_BEST_BEFORE => "a moment within the next 30 days",
        Ok(moment) => return Ok(Some(moment)),
    };
    Err(Problem::new("best_before", came, expected, None))
}

fn receipt(fields: &Fields) -> Result<Option<Receipt>, Problem> {
    let parse = |came| Receipt::parse(came).map_err(|expected| Problem::new("receipt_data", came, expected, None));
    fields.filled("receipt_data").map(parse).transpose()
}

fn remarks(fields: &Fields, receipt: Option<&Receipt>, amount: u64, in_words: bool) -> Vec<String> {
    let unknown = fields.0.iter().filter(|(name, _)| parameters::documented(name).is_none());
    let mut remarks: Vec<String> =
        unknown.map(|(name, _)| format!("{name} is no documented parameter: it was signed, and has no effect.")).collect();
    if in_words {
        remarks.push("true and false came as words where 1 and 0 were signed: read as SDKs mean it.".to_owned());
    }
    if fields.filled("customer_id").is_none() {
        remarks.push("customer_id is documented as required; plugins leave it out for guests.".to_owned());
    }
    if fields.filled("customer_last_name").is_some_and(|name| !is_recommended(name)) {
        remarks.push("customer_last_name: Bancontact recommends 3 to 100 characters.".to_owned());
    }
    if receipt.is_some_and(|receipt| !receipt.is_over(amount)) {
        remarks.push("receipt_data: its positions do not add up to payment_amount.".to_owned());
    }
    remarks
}

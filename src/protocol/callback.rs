//! Callbacks: what the platform tells the shop, trusted only after their signature was checked.

use std::{borrow::Cow, sync::Arc};

use super::{
    operations::{Listed, are_all_clear, listed},
    parameters,
    signed::{
        ambiguity::{Ambiguity, ambiguity},
        document::{NamedProject, SignedDocument},
        document_limits::Limits,
        json::Json,
        members::{self, Member},
        signature::{Key, each_pair},
    },
};

pub use super::signed::document::{DocumentRefused, Unchecked};

/// A callback whose signature was checked. It can be made only from a [`SignedDocument`],
/// and everything read from it comes from the object that was checked.
#[derive(Debug, Clone)]
pub struct VerifiedCallback {
    document: Arc<SignedDocument>,
    /// The operation of a status answer that it stands for.
    listed: Option<Listed>,
    content: Content,
    ambiguity: Option<Ambiguity>,
}

/// What a callback is about. Whatever the platform signs is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The id and status of a payment. Neither text is empty.
    Payment { id: String, status: String },
    /// Something of a kind this shop does not use: tokens, series, bare redirects, a payment without a status.
    NotUsed {
        payment_id: Option<String>,
        /// It names a sum or an operation.
        may_be_about_money: bool,
    },
}

/// An amount on the wire: minor units and a currency code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackSum {
    pub amount: u64,
    pub currency: String,
}

impl VerifiedCallback {
    /// Checks a body against the project's keys: the present one, and the previous one during a rotation.
    pub fn verify(body: &[u8], keys: &[Key]) -> Result<Self, DocumentRefused> {
        Self::of(SignedDocument::verify(body, keys)?)
    }

    /// Reads a document that came as a callback. Error: it holds parameters of the Payment Page, which the shop itself signs.
    pub fn of(document: SignedDocument) -> Result<Self, DocumentRefused> {
        let ambiguity = ambiguity(document.json());
        let callback = Self::told(Arc::new(document), None, ambiguity);
        let is_ours = callback.payment_status().is_none() && opens_a_payment(callback.document.json());
        if is_ours { Err(DocumentRefused::NotACallback) } else { Ok(callback) }
    }

    /// All callbacks that a signed body stands for: a callback for itself, a status answer (`operations`) for the newest sale or
    /// payout and then for each refund.
    pub fn all(body: &[u8], keys: &[Key]) -> Result<Vec<Self>, DocumentRefused> {
        Ok(Self::all_of(SignedDocument::verify_within(&Limits::STATUS, body, keys)?))
    }

    /// The same of a document that was verified already.
    pub fn all_of(document: SignedDocument) -> Vec<Self> {
        let ambiguity = ambiguity(document.json());
        let document = Arc::new(document);
        let told = |listed| Self::told(Arc::clone(&document), listed, ambiguity);
        match listed(document.json()) {
            operations if operations.is_empty() => vec![told(None)],
            operations => operations.into_iter().map(|operation| told(Some(operation))).collect(),
        }
    }

    fn told(document: Arc<SignedDocument>, listed: Option<Listed>, ambiguity: Option<Ambiguity>) -> Self {
        let object = document.json();
        let id = members::PAYMENT_ID.name_in(object).map(Cow::into_owned);
        let status = match listed {
            Some(operation) if operation.stands_as_paid => Some("success"),
            _ => members::PAYMENT_STATUS.text_in(object),
        };
        match (id, status) {
            (Some(id), Some(status)) => {
                let content = Content::Payment { id, status: status.to_owned() };
                Self { document, listed, content, ambiguity }
            }
            (id, _) => {
                let payment_id = id.or_else(|| members::GENERAL_PAYMENT_ID.name_in(object).map(Cow::into_owned));
                let content = Content::NotUsed { payment_id, may_be_about_money: may_be_about_money(object) };
                // Its members are not used, so it need not be confirmed.
                Self { document, listed, content, ambiguity: None }
            }
        }
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Whether a status answer lists all operations of the payment and each was understood: then one not listed does not exist.
    pub fn lists_all_clearly(&self) -> bool {
        are_all_clear(self.document.json())
    }

    /// Why this callback must be confirmed before anything moves.
    pub fn ambiguity(&self) -> Option<Ambiguity> {
        self.ambiguity
    }

    /// SHA-256 of the signed text: the same for every spelling of one callback.
    pub fn digest(&self) -> [u8; 32] {
        self.document.digest()
    }

    /// The payment it names; a number reads as its digits. Never empty.
    pub fn payment_id(&self) -> Option<&str> {
        match &self.content {
            Content::Payment { id, .. } => Some(id),
            Content::NotUsed { payment_id, .. } => payment_id.as_deref(),
        }
    }

    /// `payment.status`; `None`: of a kind this shop does not use.
    pub fn payment_status(&self) -> Option<&str> {
        match &self.content {
            Content::Payment { status, .. } => Some(status),
            Content::NotUsed { .. } => None,
        }
    }

    /// `project_id`, at top level and in `general`.
    pub fn project(&self) -> NamedProject {
        self.document.project()
    }

    /// `payment.sum`. After a refund it is unreliable: use [`Self::operation_sum`].
    pub fn payment_sum(&self) -> Option<CallbackSum> {
        // A sale that was refunded since has the sum of its own operation.
        let paid = self.listed.filter(|operation| operation.stands_as_paid).and_then(|_| self.operation_sum());
        paid.or_else(|| self.sum(members::PAYMENT_AMOUNT, members::PAYMENT_CURRENCY))
    }

    /// `operation.sum_initial`: what this operation was about.
    pub fn operation_sum(&self) -> Option<CallbackSum> {
        self.sum(members::OPERATION_AMOUNT, members::OPERATION_CURRENCY)
    }

    /// `operation.type`, such as `sale` or `refund`.
    pub fn operation_type(&self) -> Option<&str> {
        self.text(members::OPERATION_TYPE)
    }

    /// `operation.status`; a declined refund comes with a payment that is still `success`.
    pub fn operation_status(&self) -> Option<&str> {
        self.text(members::OPERATION_STATUS)
    }

    /// `operation.code`: text such as `0` or `20101`.
    pub fn operation_code(&self) -> Option<&str> {
        self.text(members::OPERATION_CODE)
    }

    /// `operation.id`: a number, sometimes text.
    pub fn operation_id(&self) -> Option<String> {
        self.get(members::OPERATION_ID).and_then(members::as_name).map(Cow::into_owned)
    }

    /// `operation.request_id`: the id that Gate's answer gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.text(members::OPERATION_REQUEST_ID)
    }

    /// The name the shop gave a refund, with the payment or with the operation.
    pub fn merchant_refund_id(&self) -> Option<&str> {
        // In a status answer, the payment's refund name may mean any of its refunds: the operation's id tells them apart.
        let of_payment = if self.listed.is_none() { self.text(members::PAYMENT_REFUND_ID) } else { None };
        of_payment.or_else(|| self.text(members::OPERATION_REFUND_ID))
    }

    /// `payment.method`, such as `payco`.
    pub fn method(&self) -> Option<&str> {
        self.text(members::PAYMENT_METHOD)
    }

    /// Where the customer is to be sent: `redirect_data`.
    pub fn redirect_data(&self) -> Option<&Json> {
        self.get(members::REDIRECT_DATA)
    }

    /// Whether the platform asks for the customer's last name, in a list of field names or an object that describes the fields.
    pub fn asks_last_name(&self) -> bool {
        const NAME: &str = "last_name";
        match self.get(members::CUSTOMER_FIELDS) {
            Some(Json::List(names)) => names.iter().any(|name| name.as_text() == Some(NAME)),
            Some(fields) => fields.get(NAME).or_else(|| fields.at(&["properties", NAME])).is_some(),
            None => false,
        }
    }

    /// `payment.is_new_attempts_available` with `payment.attempts_timeout`: for so many seconds the customer may try
    /// the same payment again on the Payment Page.
    pub fn new_attempts_within_s(&self) -> Option<u32> {
        let available = matches!(self.get(members::NEW_ATTEMPTS)?, Json::Bool(true) | Json::Integer(1));
        let Json::Integer(seconds) = self.get(members::ATTEMPTS_TIMEOUT)? else { return None };
        u32::try_from(*seconds).ok().filter(|seconds| available && *seconds > 0)
    }

    /// The platform's own date of this state: `2020-12-10T10:44:49+0000`.
    pub fn date(&self) -> Option<&str> {
        self.text(members::OPERATION_DATE).or_else(|| self.text(members::PAYMENT_DATE))
    }

    fn get(&self, member: Member) -> Option<&Json> {
        match (self.listed, member.below_operation()) {
            (Some(operation), Some(path)) => members::descend(operation.of(self.document.json())?, path),
            _ => member.of(self.document.json()),
        }
    }

    fn text(&self, member: Member) -> Option<&str> {
        self.get(member).and_then(Json::as_text)
    }

    fn sum(&self, amount: Member, currency: Member) -> Option<CallbackSum> {
        let Json::Integer(amount) = self.get(amount)? else { return None };
        Some(CallbackSum { amount: u64::try_from(*amount).ok()?, currency: self.text(currency)?.to_owned() })
    }
}

/// Whether these are parameters of the Payment Page, in whatever structure: the shop signed them itself, and every customer can
/// read them in an address.
fn opens_a_payment(object: &Json) -> bool {
    const AMOUNT: &str = parameters::PAYMENT_AMOUNT.name;
    let mut found = false;
    each_pair(object, &mut |place, _, spelled| {
        let text = format!("{}:{spelled}", place.path());
        found |= text.split(';').any(|part| part.strip_prefix(AMOUNT).is_some_and(|rest| rest.starts_with(':')));
    });
    found
}

fn may_be_about_money(object: &Json) -> bool {
    let holds = |value: Option<&Json>| match value {
        Some(Json::Object(members)) => !members.is_empty(),
        Some(Json::List(items)) => !items.is_empty(),
        _ => false,
    };
    holds(object.get("operation")) || holds(object.get("operations")) || holds(object.at(&["payment", "sum"]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::protocol::signed::document::{SignaturePlace, signed};

    fn callback(clarification_fields: Value) -> VerifiedCallback {
        let key = Key::new(&"secret".to_owned().into()).unwrap();
        let body =
            json!({ "payment": { "id": "a", "status": "awaiting clarification" }, "clarification_fields": clarification_fields });
        VerifiedCallback::verify(signed(body, SignaturePlace::Top, &key).unwrap().as_bytes(), &[key]).unwrap()
    }

    #[test]
    fn a_last_name_is_asked_for_in_each_known_shape() {
        for asks in [
            json!({ "customer": ["first_name", "last_name"] }),
            json!({ "customer": { "last_name": { "type": "text" } } }),
            json!({ "customer": { "type": "array", "properties": { "last_name": { "description": "x" } } } }),
        ] {
            assert!(callback(asks.clone()).asks_last_name(), "{asks}");
        }
        for other in [
            json!({ "customer": ["first_name"] }),
            json!({ "avs_data": ["last_name"] }),
            json!([]),
            json!({ "customer": "last_name" }),
        ] {
            assert!(!callback(other.clone()).asks_last_name(), "{other}");
        }
    }
}

//! A payment and its operations, as the sandbox knows them. Plain data; the acts are in `sale`, the SQL in `ledger`.

use std::time::Duration;

use iso_currency::Currency;
use storefront::platform::{Method, PaymentStatus, Standing};

use crate::{
    clock::Moment,
    frame::{self, FrameMode},
    verdict::AWAITING_CUSTOMER,
};

/// A payment that the customer confirmed.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: i64,
    /// Unguessable; stands in the addresses of its pages.
    pub key: String,
    pub project_id: u64,
    /// As the merchant spells it; compared without case.
    pub payment_id: String,
    pub method: Method,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    pub status: PaymentStatus,
    /// The Payment Page parameters, completed by what the customer was asked for.
    pub fields: Vec<(String, String)>,
    pub changed_at: Moment,
    /// Until when a declined try may be followed by another. `None`: it may not.
    pub tries_until: Option<Moment>,
}

/// One step with money: here always a try of the sale.
#[derive(Debug, Clone)]
pub struct Operation {
    pub id: i64,
    /// `sale`
    pub operation_type: String,
    pub status: String,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    pub code: String,
    pub message: String,
    pub request_id: String,
    /// The payment's id on the provider's side.
    pub provider_payment_id: String,
    pub created_at: Moment,
    pub changed_at: Moment,
}

impl Payment {
    /// A parameter that is there and not empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Nothing is decided: the customer belongs on the provider's page.
    pub fn is_open(&self) -> bool {
        self.status.standing() == Standing::Open && !self.awaits_another_try()
    }

    /// Declined, but not for good.
    pub fn awaits_another_try(&self) -> bool {
        self.status.as_str() == AWAITING_CUSTOMER
    }

    /// For how long another try may begin. `None`: this decline or success is the end, or nothing is decided.
    pub fn another_try_within(&self) -> Option<Duration> {
        self.tries_until.filter(|_| self.awaits_another_try()).map(|until| until.since(self.changed_at))
    }

    /// The money was taken, whatever became of it later.
    pub fn succeeded(&self) -> bool {
        self.status.standing() > Standing::Declined
    }

    /// The same payment on pages that are framed like this, or not framed.
    pub fn shown_in(self, mode: Option<FrameMode>) -> Self {
        Self { fields: frame::shown_in(self.fields, mode), ..self }
    }

    /// The provider's page for this payment.
    pub fn provider_address(&self) -> String {
        frame::address(&format!("/provider/{}/{}", self.method.rules().code, self.key), &self.fields)
    }

    /// Where another try begins.
    pub fn again_address(&self) -> String {
        frame::address(&format!("/payment/{}/again", self.key), &self.fields)
    }

    /// The result page; it leads on to the provider while the payment is open.
    pub fn result_address(&self) -> String {
        frame::address(&format!("/payment/{}", self.key), &self.fields)
    }
}

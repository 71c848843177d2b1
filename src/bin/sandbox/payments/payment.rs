//! A payment as the sandbox knows it. Plain data: what moves it is in `acts`, the SQL in `ledger`.

use std::time::Duration;

use crate::{
    payments::{
        fields::Fields,
        frame_mode::{self, FrameMode},
        verdict::{AWAITING_CLARIFICATION, AWAITING_CUSTOMER, PROCESSING},
    },
    running::{chance, clock::Moment},
};
use iso_currency::Currency;
use storefront::platform::{Method, PaymentStatus, Standing};

named! {
    /// `payment.type`.
    pub enum PaymentType {
        Purchase = "purchase",
        Payout = "payout",
    }
}

/// A payment that the customer confirmed on the Payment Page, or that came through Gate.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: i64,
    /// Unguessable; stands in the addresses of its pages.
    pub key: String,
    pub project_id: u64,
    /// As the merchant spells it; compared without case.
    pub payment_id: String,
    pub payment_type: PaymentType,
    pub method: Method,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    pub status: PaymentStatus,
    /// The parameters it was opened with, completed by the customer; by the Payment Page's names, also through Gate.
    pub fields: Fields,
    /// Scheme and host that the Gate request was sent to: where `redirect_data` leads. `None`: opened on the Payment Page.
    pub gate_origin: Option<String>,
    pub changed_at: Moment,
    /// Until when a declined try may be followed by another. `None`: it may not.
    pub tries_until: Option<Moment>,
}

/// A payment that is to begin.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub payment_id: String,
    pub payment_type: PaymentType,
    pub method: Method,
    /// Minor units.
    pub amount: u64,
    pub currency: Currency,
    pub fields: Fields,
    pub gate_origin: Option<String>,
}

impl Payment {
    /// One that begins now. The ledger gives it its id.
    pub fn begin(new: NewPayment, project_id: u64, now: Moment) -> Self {
        Self {
            id: 0,
            key: chance::address_key(),
            project_id,
            payment_id: new.payment_id,
            payment_type: new.payment_type,
            method: new.method,
            amount: new.amount,
            currency: new.currency,
            status: PaymentStatus::new(PROCESSING.status),
            fields: new.fields,
            gate_origin: new.gate_origin,
            changed_at: now,
            tries_until: None,
        }
    }

    /// It is undecided.
    pub fn is_open(&self) -> bool {
        self.status.standing() == Standing::Open && !self.awaits_another_try()
    }

    /// It is undecided, and the customer belongs on the provider's page.
    pub fn is_with_provider(&self) -> bool {
        self.payment_type == PaymentType::Purchase && self.is_open() && !self.awaits_clarification()
    }

    /// The shop has to tell more about the customer first.
    pub fn awaits_clarification(&self) -> bool {
        self.status.as_str() == AWAITING_CLARIFICATION.status
    }

    /// Through Gate the shop may leave out what the Payment Page would ask for.
    pub fn needs_clarification(&self) -> bool {
        self.gate_origin.is_some() && self.method.rules().needs_last_name && self.fields.filled("customer_last_name").is_none()
    }

    /// Whether the Payment Page that is opened with this sum is about this payment.
    pub fn is_purchase_of(&self, amount: u64, currency: Currency) -> bool {
        self.payment_type == PaymentType::Purchase && (self.amount, self.currency) == (amount, currency)
    }

    /// Declined, but not for good.
    pub fn awaits_another_try(&self) -> bool {
        self.status.as_str() == AWAITING_CUSTOMER
    }

    /// For how long another try may begin. `None`: none may, or the payment is undecided.
    pub fn another_try_within(&self) -> Option<Duration> {
        self.tries_until.filter(|_| self.awaits_another_try()).map(|until| until.since(self.changed_at))
    }

    /// The money was taken, even if it was given back later.
    pub fn succeeded(&self) -> bool {
        self.status.standing() > Standing::Declined
    }

    /// The same payment, its pages framed in this mode or not at all.
    pub fn shown_in(self, mode: Option<FrameMode>) -> Self {
        Self { fields: frame_mode::shown_in(self.fields, mode), ..self }
    }

    /// The provider's page for this payment.
    pub fn provider_address(&self) -> String {
        frame_mode::address(&format!("/provider/{}/{}", self.method.rules().code, self.key), &self.fields)
    }

    /// Where another try begins.
    pub fn again_address(&self) -> String {
        frame_mode::address(&format!("/payment/{}/again", self.key), &self.fields)
    }

    /// The result page; it leads on to the provider while the payment is open.
    pub fn result_address(&self) -> String {
        frame_mode::address(&format!("/payment/{}", self.key), &self.fields)
    }
}

//! The members of a callback, in their order.

use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
pub struct Body<'a> {
    pub project_id: u64,
    pub payment: PaymentPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerPart<'a>>,
    pub operation: OperationPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_data: Option<RedirectData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clarification_fields: Option<Value>,
}

#[derive(Serialize)]
pub struct PaymentPart<'a> {
    pub id: &'a str,
    pub r#type: &'static str,
    pub status: &'a str,
    pub date: String,
    pub method: &'static str,
    pub sum: SumPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_refund_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_new_attempts_available: Option<bool>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts_timeout: Option<u64>,
}

/// Minor units.
#[derive(Serialize, Clone, Copy)]
pub struct SumPart<'a> {
    pub amount: u64,
    pub currency: &'a str,
}

#[derive(Serialize)]
pub struct AccountPart {
    pub number: &'static str,
}

#[derive(Serialize)]
pub struct CustomerPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<&'a str>,
}

#[derive(Serialize)]
pub struct OperationPart<'a> {
    pub id: i64,
    pub r#type: &'static str,
    pub status: &'a str,
    pub date: String,
    pub created_date: String,
    pub request_id: &'a str,
    pub sum_initial: SumPart<'a>,
    pub sum_converted: SumPart<'a>,
    /// Bancontact names the provider before the code, the wallets after the message.
    #[serde(rename = "provider", skip_serializing_if = "Option::is_none")]
    pub provider_before_code: Option<ProviderPart<'a>>,
    pub code: &'a str,
    pub message: &'a str,
    #[serde(rename = "provider", skip_serializing_if = "Option::is_none")]
    pub provider_after_message: Option<ProviderPart<'a>>,
}

#[derive(Serialize)]
pub struct ProviderPart<'a> {
    pub id: u32,
    pub payment_id: &'a str,
    /// Bancontact's refund names the date here, PayMaya last, others not at all.
    #[serde(rename = "date", skip_serializing_if = "Option::is_none")]
    pub date_before_code: Option<String>,
    pub auth_code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Where the customer goes next, and with what.
#[derive(Serialize)]
pub struct RedirectData {
    pub body: Value,
    pub method: &'static str,
    pub url: String,
}

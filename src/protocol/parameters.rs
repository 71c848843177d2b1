//! Every documented parameter of the Payment Page, by its wire name: by this list the shop signs and the sandbox checks.
//!
//! `signature` is not here, because it is added last. Lengths of texts are in characters.

/// What a parameter holds on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text of at most this many characters.
    Text(usize),
    /// A whole number from 0.
    Integer,
    /// 0 or 1.
    Flag,
}

/// A documented parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: ParameterKind,
}

/// The kind of the documented parameter with this name. All parameters of the open family `recipient_…` are texts.
pub fn documented(name: &str) -> Option<ParameterKind> {
    if name.starts_with("recipient_") {
        return Some(Text(255));
    }
    ALL.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.kind)
}

macro_rules! parameters {
    ($($name:ident $wire:literal $kind:expr),* $(,)?) => {
        $(#[doc = concat!("`", $wire, "`")] pub const $name: Parameter = Parameter { name: $wire, kind: $kind };)*
        /// The whole list.
        pub const ALL: &[Parameter] = &[$($name),*];
    };
}

use ParameterKind::{Flag, Integer, Text};

parameters! {
    // The purchase itself
    PROJECT_ID "project_id" Integer,
    PAYMENT_ID "payment_id" Text(255),
    PAYMENT_AMOUNT "payment_amount" Integer,
    PAYMENT_CURRENCY "payment_currency" Text(3),
    CUSTOMER_ID "customer_id" Text(255),
    // How the page looks and flows
    MODE "mode" Text(32),
    OPERATION_TYPE "operation_type" Text(32),
    CARD_OPERATION_TYPE "card_operation_type" Text(32),
    FORCE_PAYMENT_METHOD "force_payment_method" Text(64),
    FORCE_PAYMENT_GROUP "force_payment_group" Text(64),
    FORCE_PAYMENT_METHOD_SUBTYPE "force_payment_method_subtype" Text(64),
    HIDE "hide" Text(1024),
    LIST_PAYMENT_BLOCK "list_payment_block" Text(1024),
    PAYMENT_METHODS_OPTIONS "payment_methods_options" Text(8192),
    DEFAULT_PAYMENT_METHOD "default_payment_method" Text(64),
    LANGUAGE_CODE "language_code" Text(2),
    REGION_CODE "region_code" Text(2),
    FRAME_MODE "frame_mode" Text(32),
    TARGET_ELEMENT "target_element" Text(255),
    REDIRECT "redirect" Flag,
    REDIRECT_ON_MOBILE "redirect_on_mobile" Flag,
    CLOSE_ON_MISSCLICK "close_on_missclick" Flag,
    CSS_MODAL_WRAP "css_modal_wrap" Text(255),
    BASE_URL "baseUrl" Text(2048),
    FORCE_ACS_NEW_WINDOW "force_acs_new_window" Flag,
    MOTO_TYPE "moto_type" Text(32),
    STYLE_ID "style_id" Text(64),
    TERMINAL_ID "terminal_id" Text(64),
    DESCRIPTOR "descriptor" Text(255),
    BEST_BEFORE "best_before" Text(32),
    INTERFACE_TYPE "interface_type" Text(255),
    MERCHANT_CALLBACK_URL "merchant_callback_url" Text(2048),
    // Links back to the shop, pressed by the customer
    MERCHANT_SUCCESS_URL "merchant_success_url" Text(2048),
    MERCHANT_SUCCESS_ENABLED "merchant_success_enabled" Integer,
    MERCHANT_SUCCESS_REDIRECT_MODE "merchant_success_redirect_mode" Text(32),
    MERCHANT_FAIL_URL "merchant_fail_url" Text(2048),
    MERCHANT_FAIL_ENABLED "merchant_fail_enabled" Integer,
    MERCHANT_FAIL_REDIRECT_MODE "merchant_fail_redirect_mode" Text(32),
    MERCHANT_RETURN_URL "merchant_return_url" Text(2048),
    MERCHANT_RETURN_ENABLED "merchant_return_enabled" Integer,
    MERCHANT_RETURN_REDIRECT_MODE "merchant_return_redirect_mode" Text(32),
    // Automatic redirects back to the shop
    REDIRECT_SUCCESS_URL "redirect_success_url" Text(2048),
    REDIRECT_SUCCESS_ENABLED "redirect_success_enabled" Integer,
    REDIRECT_SUCCESS_MODE "redirect_success_mode" Text(32),
    REDIRECT_FAIL_URL "redirect_fail_url" Text(2048),
    REDIRECT_FAIL_ENABLED "redirect_fail_enabled" Integer,
    REDIRECT_FAIL_MODE "redirect_fail_mode" Text(32),
    REDIRECT_RETURN_URL "redirect_return_url" Text(2048),
    REDIRECT_RETURN_ENABLED "redirect_return_enabled" Integer,
    REDIRECT_RETURN_MODE "redirect_return_mode" Text(32),
    REDIRECT_TOKENIZE_URL "redirect_tokenize_url" Text(2048),
    REDIRECT_TOKENIZE_ENABLED "redirect_tokenize_enabled" Integer,
    REDIRECT_TOKENIZE_MODE "redirect_tokenize_mode" Text(32),
    // The payment
    PAYMENT_DESCRIPTION "payment_description" Text(255),
    PAYMENT_EXTRA_PARAM "payment_extra_param" Text(255),
    MERCHANT_DATA "merchant_data" Text(1024),
    ADDENDUM_DATA "addendum_data" Text(8192),
    MERCHANT_DOMAIN "merchant_domain" Text(255),
    ACCOUNT_TOKEN "account_token" Text(255),
    CUSTOMER_ACCOUNT_NUMBER "customer_account_number" Text(255),
    CARD_HOLDER "card_holder" Text(255),
    RECURRING "recurring" Text(8192),
    RECURRING_REGISTER "recurring_register" Flag,
    DEBT_ACCOUNT "debt_account" Text(255),
    CASH_VOUCHER_DATA "cash_voucher_data" Text(8192),
    // The customer
    CUSTOMER_FIRST_NAME "customer_first_name" Text(255),
    CUSTOMER_LAST_NAME "customer_last_name" Text(255),
    CUSTOMER_MIDDLE_NAME "customer_middle_name" Text(255),
    CUSTOMER_EMAIL "customer_email" Text(255),
    CUSTOMER_ADDRESS "customer_address" Text(255),
    CUSTOMER_PHONE "customer_phone" Text(24),
    CUSTOMER_COUNTRY "customer_country" Text(2),
    CUSTOMER_STATE "customer_state" Text(255),
    CUSTOMER_CITY "customer_city" Text(255),
    CUSTOMER_STREET "customer_street" Text(255),
    CUSTOMER_ZIP "customer_zip" Text(10),
    CUSTOMER_DAY_OF_BIRTH "customer_day_of_birth" Text(10),
    CUSTOMER_BIRTHPLACE "customer_birthplace" Text(255),
    CUSTOMER_SSN "customer_ssn" Text(64),
    IDENTIFY_DOC_NUMBER "identify_doc_number" Text(64),
    // The billing address
    BILLING_ADDRESS "billing_address" Text(255),
    BILLING_CITY "billing_city" Text(255),
    BILLING_COUNTRY "billing_country" Text(2),
    BILLING_POSTAL "billing_postal" Text(10),
    BILLING_REGION "billing_region" Text(255),
    BILLING_REGION_CODE "billing_region_code" Text(16),
    AVS_POST_CODE "avs_post_code" Text(10),
    AVS_STREET_ADDRESS "avs_street_address" Text(255),
    // JSON, most of it in Base64
    CUSTOMER_ACCOUNT_INFO "customer_account_info" Text(65536),
    CUSTOMER_SHIPPING "customer_shipping" Text(65536),
    CUSTOMER_MPI_RESULT "customer_mpi_result" Text(65536),
    PAYMENT_MERCHANT_RISK "payment_merchant_risk" Text(65536),
    RECEIPT_DATA "receipt_data" Text(65536),
    BOOKING_INFO "booking_info" Text(65536),
}

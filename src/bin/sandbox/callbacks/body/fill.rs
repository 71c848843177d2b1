//! Fills in the members, as the samples of each method and operation have them.

use crate::{
    callbacks::body::{
        demands,
        parts::{AccountPart, Body, CustomerPart, OperationPart, PaymentPart, ProviderPart, SumPart},
        subject::Subject,
    },
    faults::Faults,
    payments::{
        operation::{Operation, OperationType},
        payment::Payment,
        verdict::REFUND_ABOVE_PAID,
    },
};
use storefront::platform::Method;

/// Everything but the signature.
pub fn body<'a>(subject: Subject<'a>, faults: &'a Faults) -> Body<'a> {
    let Subject { payment, operation, .. } = subject;
    Body {
        project_id: payment.project_id,
        payment: payment_part(subject, faults),
        account: account(payment, operation),
        customer: customer(payment, operation),
        operation: operation_part(payment, operation, faults),
        redirect_data: demands::redirect_data(payment, operation),
        clarification_fields: demands::clarification_fields(payment),
    }
}

fn sum<'a>(amount: u64, currency: &'static str, faults: &'a Faults) -> SumPart<'a> {
    SumPart { amount: faults.amount.unwrap_or(amount), currency: faults.currency.as_deref().unwrap_or(currency) }
}

fn payment_part<'a>(subject: Subject<'a>, faults: &'a Faults) -> PaymentPart<'a> {
    let Subject { payment, operation, .. } = subject;
    // Only where a try has just failed, and only of a payment that could be tried again.
    let another = payment.another_try_within();
    let ends_try = payment.tries_until.is_some() && !payment.is_open() && !payment.succeeded();
    PaymentPart {
        id: &payment.payment_id,
        r#type: payment.payment_type.name(),
        status: payment.status.as_str(),
        date: payment.changed_at.platform_date(),
        method: payment.method.rules().callback_name,
        sum: sum(told_amount(subject), payment.currency.code(), faults),
        description: description(payment, operation),
        merchant_refund_id: operation.merchant_refund_id.as_deref(),
        is_new_attempts_available: ends_try.then_some(another.is_some()),
        attempts_timeout: ends_try.then(|| another.unwrap_or_default().as_secs()),
    }
}

/// `payment.sum`. With a refund, Payco's sample shows what is left, Bancontact's the payment's own amount, but the
/// attempted one where that was too much.
fn told_amount(subject: Subject) -> u64 {
    let Subject { payment, operation, refunded } = subject;
    match (operation.operation_type, payment.method) {
        (OperationType::Refund, Method::Payco) => payment.amount.saturating_sub(refunded),
        (OperationType::Refund, _) if operation.code == REFUND_ABOVE_PAID.code => operation.amount,
        _ => payment.amount,
    }
}

fn operation_part<'a>(payment: &Payment, operation: &'a Operation, faults: &'a Faults) -> OperationPart<'a> {
    let sum = sum(operation.amount, operation.currency.code(), faults);
    let provider = provider(payment, operation);
    let (before, after) = match payment.method {
        Method::Bancontact => (Some(provider), None),
        Method::Payco | Method::PayMaya => (None, Some(provider)),
    };
    OperationPart {
        id: operation.id,
        r#type: operation.operation_type.name(),
        status: &operation.status,
        date: operation.changed_at.platform_date(),
        created_date: operation.created_at.platform_date(),
        request_id: &operation.request_id,
        sum_initial: sum,
        sum_converted: sum,
        provider_before_code: before,
        code: &operation.code,
        message: &operation.message,
        provider_after_message: after,
    }
}

/// A refund's own text. A sale's is empty where the merchant gave none; Bancontact's decline has no such member at all.
/// The payout's samples say "payout" though their request says nothing.
fn description<'a>(payment: &'a Payment, operation: &'a Operation) -> Option<&'a str> {
    let given = payment.fields.filled("payment_description");
    match operation.operation_type {
        OperationType::Refund => Some(operation.description.as_deref().unwrap_or_default()),
        OperationType::Payout => Some(given.unwrap_or("payout")),
        OperationType::Sale => (payment.method != Method::Bancontact || payment.succeeded()).then(|| given.unwrap_or_default()),
    }
}

/// Numbers are those of the samples. The payout's is not the one the request named: that comes as the customer's phone.
fn account(payment: &Payment, operation: &Operation) -> Option<AccountPart> {
    let number = match (operation.operation_type, payment.method) {
        (OperationType::Sale, Method::PayMaya) if payment.succeeded() => "1234",
        (OperationType::Refund, Method::Bancontact) => "035209875690435",
        (OperationType::Payout, _) => "123123",
        _ => return None,
    };
    Some(AccountPart { number })
}

fn customer<'a>(payment: &'a Payment, operation: &Operation) -> Option<CustomerPart<'a>> {
    let id = payment.fields.filled("customer_id");
    match (operation.operation_type, payment.method) {
        (OperationType::Payout, _) => {
            Some(CustomerPart { id, phone: payment.fields.filled("customer_account_number"), last_name: None })
        }
        (_, Method::Payco) => Some(CustomerPart { id, phone: None, last_name: None }),
        (OperationType::Sale, Method::Bancontact) => {
            let last_name = payment.fields.filled("customer_last_name")?;
            Some(CustomerPart { id: None, phone: None, last_name: Some(last_name) })
        }
        _ => None,
    }
}

/// Ids are those of the samples. Payco gives its own payment id when it paid, PayMaya always, Bancontact with a refund.
fn provider<'a>(payment: &Payment, operation: &'a Operation) -> ProviderPart<'a> {
    let given = operation.provider_payment_id.as_str();
    let known = if payment.succeeded() { given } else { "" };
    let date = || Some(operation.changed_at.platform_date());
    let plain = ProviderPart { id: 0, payment_id: "", date_before_code: None, auth_code: "", endpoint_id: None, date: None };
    match (operation.operation_type, payment.method) {
        (OperationType::Payout, _) => {
            ProviderPart { id: 1994, payment_id: given, endpoint_id: Some("GRPY"), date: date(), ..plain }
        }
        (OperationType::Refund, Method::Bancontact) => {
            ProviderPart { id: 1169, payment_id: given, date_before_code: date(), ..plain }
        }
        (OperationType::Refund, _) => ProviderPart { id: 3456, ..plain },
        (OperationType::Sale, Method::Payco) => ProviderPart { id: 12345, payment_id: known, ..plain },
        (OperationType::Sale, Method::PayMaya) => {
            let endpoint_id = payment.succeeded().then_some("PYMY");
            ProviderPart { id: 1797, payment_id: given, endpoint_id, date: date(), ..plain }
        }
        (OperationType::Sale, Method::Bancontact) => ProviderPart { id: 1241, ..plain },
    }
}

//! What a framed result page tells the shop's page: `epframe.payment.success` or `epframe.payment.fail` with the payment.
//! A hint for the customer's eyes; nothing in it is signed, and no shop may settle an order by it.

use serde_json::json;

use crate::payments::{operation::Operation, payment::Payment};

/// The event and its data, in JSON.
pub fn event(payment: &Payment, sale: &Operation) -> (&'static str, String) {
    let name = if payment.succeeded() { "epframe.payment.success" } else { "epframe.payment.fail" };
    let date = sale.changed_at.platform_date();
    let sum = json!({ "amount": payment.amount, "currency": payment.currency.code() });
    let data = json!({
        "request_id": sale.request_id,
        "transaction": { "id": sale.id, "date": date, "type": sale.operation_type.name() },
        "payment": {
            "id": payment.payment_id,
            "status": payment.status.to_string(),
            "method": payment.method.rules().callback_name,
            "date": date,
            "result_code": sale.code,
            "result_message": sale.message,
        },
        "sum_request": sum,
        "sum_real": sum,
        "general": { "project_id": payment.project_id, "payment_id": payment.payment_id },
    });
    (name, data.to_string())
}

//! The shop tells what the platform asked for, and the payment goes on.

use crate::{
    acts::{
        refused::{RefusalCode, Refused},
        sale,
    },
    gate::request::GateRequest,
    ledger::{Transaction, payments},
    payments::{last_name::is_last_name, operation::Operation},
    sandbox::Sandbox,
};

const LAST_NAME: &str = "additional_data.customer.last_name";

/// `POST /v2/payment/clarification`. The answer's `request_id` is the sale's: that is the operation that goes on.
pub fn clarify(tx: &Transaction, sandbox: &Sandbox, request: &GateRequest) -> Result<Operation, Refused> {
    let last_name = request.text(LAST_NAME)?;
    let found = payments::by_payment_id(tx, &request.payment_id)?;
    let mut payment = found.ok_or(RefusalCode::UnknownPayment)?;
    if !payment.awaits_clarification() {
        return Err(RefusalCode::WrongStatus.into());
    }
    let last_name = last_name.ok_or(Refused::missing(LAST_NAME))?;
    if !is_last_name(last_name) {
        return Err(RefusalCode::LastNameUnfit.into());
    }
    payment.fields.set("customer_last_name", last_name);
    payments::set_fields(tx, &payment)?;
    let mut operation = sale::newest_try(tx, payment.id)?;
    sale::go_on(tx, sandbox, &mut payment, &mut operation, sandbox.clock.now())?;
    Ok(operation)
}

//! The shop tells what the platform asked for, and the payment goes on.

use super::{refused::Refused, request::Request};
use crate::{
    last_name::is_last_name,
    ledger::{LedgerError, payments},
    operation::Operation,
    sale,
    sandbox::Sandbox,
};

const LAST_NAME: &str = "additional_data.customer.last_name";

/// `POST /v2/payment/clarification`. The answer's `request_id` is the sale's: that is the operation that goes on.
pub async fn clarify(sandbox: &Sandbox, request: &Request) -> Result<Operation, Refused> {
    let last_name = request.text(LAST_NAME)?;
    let mut write = sandbox.ledger.write().await?;
    let found = payments::by_payment_id(&mut write, &request.payment_id).await?;
    let mut payment = found.ok_or(Refused::UnknownPayment)?;
    if !payment.awaits_clarification() {
        return Err(Refused::WrongStatus);
    }
    let last_name = last_name.ok_or(Refused::Missing(LAST_NAME))?;
    if !is_last_name(last_name) {
        return Err(Refused::LastNameUnfit);
    }
    payment.set_field("customer_last_name", last_name);
    payments::set_fields(&mut write, &payment).await?;
    let mut operation = sale::newest_try(&mut write, &payment).await?;
    sale::go_on(&mut write, sandbox, &mut payment, &mut operation, sandbox.clock.now()).await?;
    write.commit().await.map_err(LedgerError::from)?;
    sandbox.sender.wake();
    Ok(operation)
}

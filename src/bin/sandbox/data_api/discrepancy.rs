//! Tells the register wrongly when asked to, so that a shop can be tried on finding it. The ledger stays as it is.

use serde_json::{Value, json};

use crate::{faults::Discrepancy, running::clock::Moment};

/// No operation of the ledger has such an id.
const EXTRA_ID: i64 = 9_000_000_001;

/// The register with its discrepancies.
pub fn applied(mut lines: Vec<Value>, discrepancies: &[Discrepancy], project_id: u64, middle: Moment) -> Vec<Value> {
    for (place, discrepancy) in (0_i64..).zip(discrepancies) {
        let is = |line: &Value, id: i64| line["operation_id"] == id;
        match *discrepancy {
            Discrepancy::Missing { operation_id } => lines.retain(|line| !is(line, operation_id)),
            Discrepancy::Duplicate { operation_id } => {
                let again: Vec<_> = lines.iter().filter(|line| is(line, operation_id)).take(1).cloned().collect();
                lines.extend(again);
            }
            Discrepancy::Extra => lines.push(extra(EXTRA_ID + place, project_id, middle)),
            Discrepancy::Amount { operation_id }
            | Discrepancy::Currency { operation_id }
            | Discrepancy::Status { operation_id } => {
                lines.iter_mut().filter(|line| is(line, operation_id)).for_each(|line| bend(line, discrepancy));
            }
        }
    }
    lines
}

fn bend(line: &mut Value, discrepancy: &Discrepancy) {
    match discrepancy {
        Discrepancy::Amount { .. } => {
            let more = line["initial_amount"].as_i64().unwrap_or_default().saturating_add(1);
            line["initial_amount"] = more.into();
            line["channel_amount"] = more.into();
        }
        Discrepancy::Currency { .. } => {
            let other = if line["initial_currency"] == "USD" { "EUR" } else { "USD" };
            line["initial_currency"] = other.into();
            line["channel_currency"] = other.into();
        }
        _ => {
            let other = if line["operation_status"] == "success" { "decline" } else { "success" };
            line["operation_status"] = other.into();
        }
    }
}

fn extra(operation_id: i64, project_id: u64, at: Moment) -> Value {
    json!({
        "project_id": project_id,
        "operation_id": operation_id,
        "payment_id": format!("unknown-{operation_id}"),
        "operation_type": "sale",
        "operation_status": "success",
        "operation_code": "0",
        "operation_message": "Success",
        "method": "bancontact",
        "description": null,
        "merchant_refund_id": null,
        "customer_id": null,
        "operation_created_at": at.readable(),
        "operation_completed_at": at.readable(),
        "initial_amount": 1000,
        "initial_currency": "EUR",
        "channel_amount": 1000,
        "channel_currency": "EUR",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::running::clock::Clock;

    #[test]
    fn each_discrepancy_is_seen_in_the_register() {
        let line = |id: i64| {
            json!({ "operation_id": id, "operation_status": "success", "initial_amount": 5, "channel_amount": 5,
                    "initial_currency": "EUR", "channel_currency": "EUR" })
        };
        let told = |discrepancies: &str| {
            let discrepancies: Vec<Discrepancy> = serde_json::from_str(discrepancies).unwrap();
            applied(vec![line(1), line(2)], &discrepancies, 3000, Clock::with_offset(0).now())
        };
        assert_eq!(told("[]"), [line(1), line(2)]);
        assert_eq!(told(r#"[{"change": "missing", "operation_id": 1}]"#), [line(2)]);
        assert_eq!(told(r#"[{"change": "duplicate", "operation_id": 1}]"#), [line(1), line(2), line(1)]);
        assert_eq!(told(r#"[{"change": "amount", "operation_id": 2}]"#)[1]["initial_amount"], 6);
        assert_eq!(told(r#"[{"change": "currency", "operation_id": 2}]"#)[1]["channel_currency"], "USD");
        assert_eq!(told(r#"[{"change": "status", "operation_id": 2}]"#)[1]["operation_status"], "decline");
        assert_eq!(told(r#"[{"change": "extra"}, {"change": "extra"}]"#)[3]["operation_id"], EXTRA_ID + 1);
    }
}

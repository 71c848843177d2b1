//! Tells the register wrongly when asked to, so that a shop can be tried on finding it. The ledger stays as it is.

use iso_currency::Currency;
use storefront::platform::Method;

use crate::{
    faults::Discrepancy,
    ledger::register::RegisterLine,
    payments::{
        operation::{Operation, OperationType},
        verdict::{DECLINE, SUCCESS},
    },
    running::clock::Moment,
};

/// No operation of the ledger has such an id.
const EXTRA_ID: i64 = 9_000_000_001;

/// The register with its discrepancies; an extra operation is dated `extra_at`.
pub fn applied(mut lines: Vec<RegisterLine>, discrepancies: &[Discrepancy], project: u64, extra_at: Moment) -> Vec<RegisterLine> {
    for (place, discrepancy) in (0_i64..).zip(discrepancies) {
        match *discrepancy {
            Discrepancy::Missing { operation_id } => lines.retain(|line| line.operation.id != operation_id),
            Discrepancy::Duplicate { operation_id } => {
                let again = lines.iter().find(|line| line.operation.id == operation_id).cloned();
                lines.extend(again);
            }
            Discrepancy::Extra => lines.push(extra(EXTRA_ID + place, project, extra_at)),
            Discrepancy::Amount { operation_id } => change(&mut lines, operation_id, |operation| operation.amount += 1),
            Discrepancy::Currency { operation_id } => change(&mut lines, operation_id, |operation| {
                operation.currency = if operation.currency == Currency::USD { Currency::EUR } else { Currency::USD };
            }),
            Discrepancy::Status { operation_id } => change(&mut lines, operation_id, |operation| {
                let other = if operation.status == SUCCESS.status { DECLINE } else { SUCCESS.status };
                operation.status = other.to_owned();
            }),
        }
    }
    lines
}

fn change(lines: &mut [RegisterLine], operation_id: i64, change: impl Fn(&mut Operation)) {
    lines.iter_mut().filter(|line| line.operation.id == operation_id).for_each(|line| change(&mut line.operation));
}

fn extra(operation_id: i64, project_id: u64, at: Moment) -> RegisterLine {
    let operation = Operation {
        id: operation_id,
        status: SUCCESS.status.to_owned(),
        code: SUCCESS.code.to_owned(),
        message: SUCCESS.message.to_owned(),
        ..Operation::begin(OperationType::Sale, 1000, Currency::EUR, at)
    };
    let payment_id = format!("unknown-{operation_id}");
    RegisterLine { operation, project_id, payment_id, method: Method::Bancontact, customer_id: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::running::clock::Clock;

    #[test]
    fn each_discrepancy_is_seen_in_the_register() {
        let now = Clock::with_offset(0).now();
        let told = |discrepancies: &str| {
            let discrepancies: Vec<Discrepancy> = serde_json::from_str(discrepancies).unwrap();
            let lines = applied(vec![extra(1, 3000, now), extra(2, 3000, now)], &discrepancies, 3000, now);
            let told =
                |line: RegisterLine| (line.operation.id, line.operation.status, line.operation.amount, line.operation.currency);
            lines.into_iter().map(told).collect::<Vec<_>>()
        };
        let plain = |id: i64| (id, "success".to_owned(), 1000, Currency::EUR);
        assert_eq!(told("[]"), [plain(1), plain(2)]);
        assert_eq!(told(r#"[{"change": "missing", "operation_id": 1}]"#), [plain(2)]);
        assert_eq!(told(r#"[{"change": "duplicate", "operation_id": 1}]"#), [plain(1), plain(2), plain(1)]);
        assert_eq!(told(r#"[{"change": "amount", "operation_id": 2}]"#)[1].2, 1001);
        assert_eq!(told(r#"[{"change": "currency", "operation_id": 2}]"#)[1].3, Currency::USD);
        assert_eq!(told(r#"[{"change": "status", "operation_id": 2}]"#)[1].1, "decline");
        assert_eq!(told(r#"[{"change": "extra"}, {"change": "extra"}]"#)[3].0, EXTRA_ID + 1);
    }
}

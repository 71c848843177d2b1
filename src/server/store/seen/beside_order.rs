//! An order together with what its page tells beside it.

use crate::{
    domain::{
        case::CaseKind,
        money::Money,
        orders::{beside::BesideOrder, order::Order},
        transfers::progress::Progress,
    },
    server::store::{
        database::{Store, StoreError},
        engine::{Tx, params},
        money::refunds,
        shop::orders::{self, OrderKey},
    },
};

impl Store {
    /// The order that this token opens.
    pub async fn order_and_beside(&self, token: &str) -> Result<Option<(Order, BesideOrder)>, StoreError> {
        let token = token.to_owned();
        self.look(move |tx| {
            let Some(stored) = orders::load(tx, OrderKey::Token(&token))? else { return Ok(None) };
            let beside = BesideOrder { has_doubt: has_doubt(tx, &stored.order)?, given_back: given_back(tx, &stored.order)? };
            Ok(Some((stored.order, beside)))
        })
        .await
    }
}

fn has_doubt(tx: &mut Tx<'_>, order: &Order) -> Result<bool, StoreError> {
    for attempt in &order.attempts {
        let open: Vec<CaseKind> = tx.all(
            "SELECT kind FROM cases WHERE payment_id = ?1 AND closed_at IS NULL AND (about IS NULL OR about = 'sale')",
            params![&attempt.payment_id],
        )?;
        if open.into_iter().any(CaseKind::leaves_payment_in_doubt) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn given_back(tx: &mut Tx<'_>, order: &Order) -> Result<Option<Money>, StoreError> {
    let Some(payment_id) = &order.paid_by else { return Ok(None) };
    let all = refunds::of_payment(tx, payment_id)?;
    let done = all.iter().filter(|refund| refund.progress == Progress::Done);
    let minor = done.map(|refund| refund.amount.minor()).fold(0, u64::saturating_add);
    Ok(Money::from_minor(minor, order.total.currency()).ok())
}

//! One click about a difference: the platform is asked if its answer may settle it, then that payment is compared again.
//! Healed is only what the second comparison no longer finds.

use crate::{
    domain::reconciliation::{FoundDifference, Remedy},
    server::{
        platform::{
            inquiries::{self, InquiryResult},
            reconciliation::{ComparedBooks, Unknown},
        },
        state::AppState,
    },
};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Healing {
    Healed,
    /// Both sides were heard, and differ still.
    Stays,
    /// The platform does not know the payment, and it differs still.
    NotFound,
    /// The platform gave no clear answer when it was asked.
    Silence,
    /// The register could not be read.
    Unread,
    /// Somebody healed it before.
    HealedBefore,
}

/// For an operator.
pub async fn heal(state: &AppState, by: &str, difference_id: i64) -> Result<Option<Healing>, Unknown> {
    let Some(found) = state.store.difference(difference_id).await? else { return Ok(None) };
    let Some(run) = state.store.reconciliation(found.run).await? else { return Ok(None) };
    if found.healed.is_some() {
        return Ok(Some(Healing::HealedBefore));
    }
    let FoundDifference { difference, .. } = found;
    let (payment_id, remedy) = (&difference.payment_id, difference.remedy());
    let act = match remedy {
        Remedy::Ask => "ask the platform about a difference",
        Remedy::CompareAgain => "compare a difference again",
    };
    let detail = format!("{} of reconciliation {}", difference.kind.name(), run.id);
    state.store.note_act(by, act, &format!("payment {payment_id}"), &detail, state.now()).await?;
    let asked = match remedy {
        Remedy::Ask => Some(inquiries::ask(state, payment_id).await?),
        Remedy::CompareAgain => None,
    };
    let differs = match ComparedBooks::of(&state.store, &state.config)?.differences_of(payment_id, run.interval, state.now()).await
    {
        Ok(differs) => differs,
        Err(Unknown::Store(error)) => return Err(error.into()),
        Err(unknown) => {
            tracing::warn!(payment_id, %unknown, "a payment could not be compared again");
            return Ok(Some(Healing::Unread));
        }
    };
    let is_gone = state.store.compared_again(by, difference_id, differs, state.now()).await?;
    Ok(Some(match (is_gone, asked) {
        (true, _) => Healing::Healed,
        (false, Some(InquiryResult::Silence)) => Healing::Silence,
        (false, Some(InquiryResult::NotFound)) => Healing::NotFound,
        (false, Some(InquiryResult::Told) | None) => Healing::Stays,
    }))
}
